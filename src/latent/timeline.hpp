#pragma once

#include "latent/interpolate.hpp"

#include <cstddef>
#include <span>

namespace facemorph {

/// When a key of a time line is reached, how long it stays, and how it goes on. In seconds.
struct KeyTime {
  double at = 0;                   ///< >= 0; keys are in order
  double hold = 0;                 ///< >= 0; as far as the next key
  Easing easing = Easing::Smooth;  ///< to the next key

  bool operator==(const KeyTime&) const = default;
};

/// How long a time line lasts, and whether its end goes on to its beginning.
struct TimeSpan {
  double length = 0;
  bool loop = false;
};

/// Where on the keys a moment is: between `from` and `to`, eased progress in [0, 1].
struct KeyPosition {
  std::size_t from = 0;
  std::size_t to = 0;
  float progress = 0.0F;
};

/// Loops wrap (negative times too), and go from the last key to the first; others stay at their
/// first and last keys. Exact at the keys. Requires at least one key, in order.
KeyPosition position_at(std::span<const KeyTime> keys, const TimeSpan& span, double seconds);

}  // namespace facemorph
