#pragma once

#include "latent/interpolate.hpp"

#include <cstddef>
#include <span>
#include <vector>

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

/// How far along a way one is after a share of its length was gone: lengths[i] is what was gone
/// after i of n equal steps along the way, lengths[0] = 0, and must not decrease. Returns
/// `places` + 1 places from 0 to 1; the straight ones when nothing changes on the way.
std::vector<float> equal_steps(std::span<const double> lengths, std::size_t places);

/// The place that equal_steps() found for a share of the length, between its entries in a straight
/// line; the share itself when there are none.
float place_of(std::span<const float> steps, float share);

/// Loops wrap (negative times too), and go from the last key to the first; others stay at their
/// first and last keys. Exact at the keys. Requires at least one key, in order.
KeyPosition position_at(std::span<const KeyTime> keys, const TimeSpan& span, double seconds);

}  // namespace facemorph
