#pragma once

#include <cstdint>

namespace facemorph {

/// Bytes that can be had without swapping, and that the container allows.
std::uint64_t available_memory();

/// Gives memory that was freed back to the system, which the allocator would keep for what comes.
/// For after work that needed much for a moment; takes milliseconds.
void release_free_memory();

}  // namespace facemorph
