#include "latent/walk.hpp"

#include "latent/arithmetic.hpp"
#include "latent/names.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace facemorph {

namespace {

constexpr std::array<std::pair<WalkPath, std::string_view>, 5> kNames = {
    {{WalkPath::Slerp, "slerp"},
     {WalkPath::Linear, "linear"},
     {WalkPath::Spline, "spline"},
     {WalkPath::NoiseLoop, "noise-loop"},
     {WalkPath::Drift, "drift"}}};

constexpr int kWaves = 3;
/// Waves a round of a noise loop, and of a drift in the same time: whole numbers close; these
/// others have no common period.
constexpr std::array<double, kWaves> kLoopWaves = {1, 2, 3};
constexpr std::array<double, kWaves> kDriftWaves = {0.7548776662, 1.7320508076, 2.6457513111};

/// One of Catmull-Rom's weights for the points before, from, to and after.
std::array<double, 4> catmull_rom(double t) {
  const double t2 = t * t;
  const double t3 = t2 * t;
  return {-0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1, -1.5 * t3 + 2 * t2 + 0.5 * t,
          0.5 * t3 - 0.5 * t2};
}

}  // namespace

std::string_view name_of(WalkPath path) {
  return name_in(kNames, path);
}

std::optional<WalkPath> walk_path_from(std::string_view name) {
  return value_in<WalkPath>(kNames, name);
}

bool goes_through_faces(WalkPath path) {
  return path != WalkPath::NoiseLoop && path != WalkPath::Drift;
}

Latent spline(std::span<const float> before, std::span<const float> from, std::span<const float> to,
              std::span<const float> after, float t) {
  if (t <= 0.0F) return {from.begin(), from.end()};
  if (t >= 1.0F) return {to.begin(), to.end()};
  const std::array<double, 4> weights = catmull_rom(t);
  const std::array<std::span<const float>, 4> faces = {before, from, to, after};
  std::vector<double> sum(from.size(), 0.0);
  double length = 0;
  for (std::size_t face = 0; face < faces.size(); ++face) {
    length += weights[face] * static_cast<double>(norm(faces[face]));
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += weights[face] * faces[face][i];
  }
  return with_norm(Latent(sum.begin(), sum.end()), static_cast<float>(length));
}

Latent wander(const WalkShape& shape, int nz, double seconds) {
  const bool closes = shape.path == WalkPath::NoiseLoop;
  const auto& waves = closes ? kLoopWaves : kDriftWaves;
  double rounds = seconds / (shape.seconds_per_face * kLoopFaces);
  if (!std::isfinite(rounds)) rounds = 0;
  if (closes) rounds -= std::floor(rounds);  // exactly where it began
  Latent result(static_cast<std::size_t>(nz), 0.0F);
  for (std::size_t wave = 0; wave < waves.size(); ++wave) {
    const double angle = 2 * std::numbers::pi * waves[wave] * rounds;
    const double share = 1 / std::sqrt(static_cast<double>(kWaves));
    // Every wave is a circle through two random latents of its own.
    const std::uint64_t first = shape.seed * 2 * kWaves + 2 * wave;
    const Latent a = seed_latent(first, nz);
    const Latent b = seed_latent(first + 1, nz);
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] += static_cast<float>(share * (std::cos(angle) * a[i] + std::sin(angle) * b[i]));
  }
  return result;
}

double walk_duration(const WalkShape& shape, std::size_t key_count) {
  if (shape.path == WalkPath::NoiseLoop) return shape.seconds_per_face * kLoopFaces;
  if (shape.path == WalkPath::Drift) return std::numeric_limits<double>::infinity();
  return key_count < 2 ? 0 : shape.length;
}

}  // namespace facemorph
