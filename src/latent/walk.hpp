#pragma once

#include "latent/interpolate.hpp"

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

/// How a walk moves through its faces. Time is in seconds; nothing is per frame.
struct WalkShape {
  WalkPath path = WalkPath::Slerp;
  Easing easing = Easing::Smooth;
  double seconds_per_face = 2.0;  ///< > 0
  bool loop = true;               ///< return from the last face to the first, seamlessly
  std::uint64_t seed = 0;         ///< of a noise loop or drift

  bool operator==(const WalkShape&) const = default;
};

/// Length of one pass in seconds: n segments when looping, n - 1 when not. 0 for fewer than 2 keys;
/// kLoopFaces faces' time for a noise loop, infinite for a drift.
double walk_duration(const WalkShape& shape, std::size_t key_count);

/// Where on the walk `seconds` is: between `from` and `to`, eased progress in [0, 1].
struct WalkPosition {
  std::size_t from = 0;
  std::size_t to = 0;
  float progress = 0.0F;
};
/// Looping walks wrap (negative times too); others stop at their ends. Requires key_count >= 1.
WalkPosition walk_position(const WalkShape& shape, std::size_t key_count, double seconds);

/// Catmull-Rom between `from` and `to`, brought to a length that goes the same way between
/// theirs. Exact at both ends. All of one size.
Latent spline(std::span<const float> before, std::span<const float> from, std::span<const float> to,
              std::span<const float> after, float t);

/// The latent of a noise loop or drift: each dimension is a sum of a few slow waves with random
/// phases, of variance 1 over all seeds, so that every moment is a typical face.
Latent wander(const WalkShape& shape, int nz, double seconds);

/// The latent at `seconds`; `key(i)` gives key i's latent. Requires a path through faces, and at
/// least one key, all of one size.
template <typename KeyAt>
Latent walk_latent(const WalkShape& shape, std::size_t key_count, KeyAt key, double seconds) {
  const WalkPosition at = walk_position(shape, key_count, seconds);
  if (shape.path != WalkPath::Spline || at.from == at.to)
    return interpolate(
        shape.path == WalkPath::Linear ? Interpolation::Linear : Interpolation::Slerp, key(at.from),
        key(at.to), at.progress);
  const std::size_t last = key_count - 1;
  const std::size_t before = at.from > 0 ? at.from - 1 : shape.loop ? last : 0;
  const std::size_t after = at.to < last ? at.to + 1 : shape.loop ? 0 : last;
  return spline(key(before), key(at.from), key(at.to), key(after), at.progress);
}

}  // namespace facemorph
