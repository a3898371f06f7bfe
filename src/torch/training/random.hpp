#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>

namespace facemorph {

/// What random numbers are drawn for. Never renumber: runs on disk depend on it.
enum class Draw : std::uint64_t {
  Initialisation = 1,
  Order = 2,  ///< index: epoch
  Flip = 3,   ///< index: step, as for the rest
  Noise = 4,
  AugmentReal = 5,
  AugmentFake = 6,
  AugmentFakeAgain = 7,
  BatchNorm = 8,  ///< latents that batch norm is re-estimated from
  Samples = 9,    ///< the fixed latents of sample sheets
  Metrics = 10,
};

/// An independent stream of random numbers for every seed, use and index. Nothing else remembers
/// anything, so that a run continues exactly where it stopped, whatever happened in between.
at::Generator random_stream(std::uint64_t seed, Draw draw, std::uint64_t index);

}  // namespace facemorph
