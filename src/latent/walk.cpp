#include "latent/walk.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace facemorph {

double walk_duration(const WalkShape& shape, std::size_t key_count) {
  if (key_count < 2) return 0;
  return shape.seconds_per_face * static_cast<double>(shape.loop ? key_count : key_count - 1);
}

WalkPosition walk_position(const WalkShape& shape, std::size_t key_count, double seconds) {
  assert(key_count >= 1);
  const double duration = walk_duration(shape, key_count);
  if (!(duration > 0) || std::isnan(seconds)) return {};
  if (shape.loop) {
    if (std::isinf(seconds)) return {};
    seconds = std::fmod(seconds, duration);
    if (seconds < 0) seconds += duration;
  }
  const std::size_t segments = shape.loop ? key_count : key_count - 1;
  const double place =
      std::clamp(seconds / shape.seconds_per_face, 0.0, static_cast<double>(segments));
  const auto segment = static_cast<std::size_t>(place);
  if (segment == segments) {  // exactly at the end
    const std::size_t last = shape.loop ? 0 : key_count - 1;
    return {last, last, 0.0F};
  }
  const auto progress = static_cast<float>(place - static_cast<double>(segment));
  return {segment, (segment + 1) % key_count, ease(shape.easing, progress)};
}

}  // namespace facemorph
