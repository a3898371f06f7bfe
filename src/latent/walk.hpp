#pragma once

#include "latent/interpolate.hpp"

#include <span>
#include <vector>

namespace facemorph {

/// How a walk moves through its faces. Time is in seconds; nothing is per frame.
struct WalkShape {
  Interpolation interpolation = Interpolation::Slerp;
  Easing easing = Easing::Smooth;
  double seconds_per_face = 2.0;  ///< > 0
  bool loop = true;               ///< return from the last face to the first, seamlessly

  bool operator==(const WalkShape&) const = default;
};

/// Length of one pass in seconds: n segments when looping, n - 1 when not. 0 for fewer than 2 keys.
double walk_duration(const WalkShape& shape, std::size_t key_count);

/// Where on the walk `seconds` is: between `from` and `to`, eased progress in [0, 1].
struct WalkPosition {
  std::size_t from = 0;
  std::size_t to = 0;
  float progress = 0.0F;
};
/// Looping walks wrap (negative times too); others stop at their ends. Requires key_count >= 1.
WalkPosition walk_position(const WalkShape& shape, std::size_t key_count, double seconds);

/// The latent at `seconds`; `key(i)` gives key i's latent. Requires at least one key, all of one
/// size.
template <typename KeyAt>
Latent walk_latent(const WalkShape& shape, std::size_t key_count, KeyAt key, double seconds) {
  const WalkPosition at = walk_position(shape, key_count, seconds);
  return interpolate(shape.interpolation, key(at.from), key(at.to), at.progress);
}

}  // namespace facemorph
