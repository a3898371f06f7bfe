#pragma once

#include "latent/timeline.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace facemorph {

enum class WalkPath {
  Slerp,      ///< from face to face along the sphere
  Linear,     ///< from face to face, straight
  Spline,     ///< through the faces without a corner (Catmull-Rom), at their lengths
  NoiseLoop,  ///< no faces: a smooth random path that closes
  Drift       ///< no faces: a smooth random path that never ends nor comes back
};
inline constexpr std::array kWalkPaths = {WalkPath::Slerp, WalkPath::Linear, WalkPath::Spline,
                                          WalkPath::NoiseLoop, WalkPath::Drift};
std::string_view name_of(WalkPath path);  ///< "slerp", "linear", "spline", "noise-loop", "drift"
std::optional<WalkPath> walk_path_from(std::string_view name);
/// Whether a path goes through given faces, or makes its own.
bool goes_through_faces(WalkPath path);

/// A noise loop is as long as this many faces take.
inline constexpr int kLoopFaces = 6;

/// How a walk moves. Time is in seconds; nothing is per frame.
struct WalkShape {
  WalkPath path = WalkPath::Slerp;
  Easing easing = Easing::Smooth;  ///< of the faces that are added next
  /// Pace: at which faces are added, and of a noise loop or drift. > 0
  double seconds_per_face = 2.0;
  double length = 0;       ///< of a walk through faces; not before its last face's end
  bool loop = true;        ///< return from the last face to the first, seamlessly
  std::uint64_t seed = 0;  ///< of a noise loop or drift

  bool operator==(const WalkShape&) const = default;
};

/// Length of one pass in seconds. 0 for fewer than 2 faces; kLoopFaces faces' time for a noise
/// loop, infinite for a drift.
double walk_duration(const WalkShape& shape, std::size_t key_count);

/// Where a walk through faces is at a moment. Requires at least one key.
inline KeyPosition walk_position(const WalkShape& shape, std::span<const KeyTime> keys,
                                 double seconds) {
  return position_at(keys, {shape.length, shape.loop}, seconds);
}

/// Catmull-Rom between `from` and `to`, brought to a length that goes the same way between
/// theirs. Exact at both ends. All of one size.
Latent spline(std::span<const float> before, std::span<const float> from, std::span<const float> to,
              std::span<const float> after, float t);

/// The latent of a noise loop or drift: each dimension is a sum of a few slow waves with random
/// phases, of variance 1 over all seeds, so that every moment is a typical face.
Latent wander(const WalkShape& shape, int nz, double seconds);

/// The latent at a place of a walk through `count` faces; `key(i)` gives face i's latent. Requires
/// a path through faces, and at least one face, all of one size.
template <typename KeyAt>
Latent walk_latent(const WalkShape& shape, std::size_t count, KeyAt key, const KeyPosition& at) {
  if (shape.path != WalkPath::Spline || at.from == at.to)
    return interpolate(
        shape.path == WalkPath::Linear ? Interpolation::Linear : Interpolation::Slerp, key(at.from),
        key(at.to), at.progress);
  const std::size_t last = count - 1;
  const std::size_t before = at.from > 0 ? at.from - 1 : shape.loop ? last : 0;
  const std::size_t after = at.to < last ? at.to + 1 : shape.loop ? 0 : last;
  return spline(key(before), key(at.from), key(at.to), key(after), at.progress);
}

}  // namespace facemorph
