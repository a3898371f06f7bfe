#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace facemorph {

/// Draws faces of `count` seeds from `first_seed` on into images/000000.png …, and what each looks
/// like into labels.csv, which comes last. `stop` ends it early. Throws Error when they cannot be
/// written.
void write_drawn_set(
    const std::filesystem::path& folder, std::uint64_t count, std::uint64_t first_seed, int size,
    const std::function<bool()>& stop = [] { return false; });

}  // namespace facemorph
