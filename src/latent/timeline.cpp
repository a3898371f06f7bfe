#include "latent/timeline.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace facemorph {
namespace {

/// 0 … length of a loop; a moment that is no number is its beginning.
double wrapped(double seconds, double length) {
  if (!std::isfinite(seconds)) return 0;
  const double rest = std::fmod(seconds, length);
  return rest < 0 ? rest + length : rest;
}

}  // namespace

std::vector<float> equal_steps(std::span<const double> lengths, std::size_t places) {
  const std::size_t steps = lengths.size() - 1;
  std::vector<float> result;
  for (std::size_t i = 0; i <= places; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(places);
    const double wanted = share * lengths.back();
    const auto behind = std::ranges::upper_bound(lengths, wanted);
    if (i == places || lengths.back() <= 0) {
      result.push_back(static_cast<float>(share));
    } else {
      const auto to =
          std::clamp<std::size_t>(static_cast<std::size_t>(behind - lengths.begin()), 1, steps);
      const double part = (wanted - lengths[to - 1]) / (lengths[to] - lengths[to - 1]);
      result.push_back(
          static_cast<float>((static_cast<double>(to - 1) + part) / static_cast<double>(steps)));
    }
  }
  return result;
}

float place_of(std::span<const float> steps, float share) {
  if (steps.size() < 2) return share;
  const float at = std::clamp(share, 0.0F, 1.0F) * static_cast<float>(steps.size() - 1);
  const auto from = std::min(static_cast<std::size_t>(at), steps.size() - 2);
  return std::lerp(steps[from], steps[from + 1], at - static_cast<float>(from));
}

KeyPosition position_at(std::span<const KeyTime> keys, const TimeSpan& span, double seconds) {
  assert(!keys.empty());
  const bool loop = span.loop && span.length > 0 && keys.size() > 1;
  if (loop) seconds = wrapped(seconds, span.length);
  if (std::isnan(seconds)) return {};
  const std::size_t last = keys.size() - 1;
  const auto behind = std::ranges::upper_bound(keys, seconds, {}, &KeyTime::at);
  if (behind == keys.begin() && !loop) return {};
  // Before the first key, a loop is on its way from the last one.
  const std::size_t from =
      behind == keys.begin() ? last : static_cast<std::size_t>(behind - keys.begin()) - 1;
  if (from == last && !loop) return {last, last, 0.0F};
  if (behind == keys.begin()) seconds += span.length;
  const std::size_t to = from == last ? 0 : from + 1;
  const double start = keys[from].at + std::max(keys[from].hold, 0.0);
  const double end = keys[to].at + (from == last ? span.length : 0);
  if (seconds <= start) return {from, from, 0.0F};
  if (seconds >= end) return {to, to, 0.0F};
  const auto progress = static_cast<float>((seconds - start) / (end - start));
  return {from, to, ease(keys[from].easing, progress)};
}

}  // namespace facemorph
