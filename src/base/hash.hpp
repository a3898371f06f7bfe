#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace facemorph {

/// XXH3-64 of some bytes: tells whether something has changed. Of this process only; files are
/// named by content_hash().
std::uint64_t quick_hash(std::span<const std::byte> bytes);

}  // namespace facemorph
