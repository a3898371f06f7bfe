#include "latent/interpolate.hpp"

#include "latent/names.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace facemorph {
namespace {

constexpr std::array<std::pair<Easing, std::string_view>, 5> kEasingNames = {
    {{Easing::Linear, "linear"},
     {Easing::Smooth, "smooth"},
     {Easing::Smoother, "smoother"},
     {Easing::EaseIn, "ease-in"},
     {Easing::EaseOut, "ease-out"}}};

double exact_norm(std::span<const float> z) {
  double sum = 0;
  for (const float value : z)
    sum += static_cast<double>(value) * value;
  return std::sqrt(sum);
}

/// Between the directions. The arc cosine of the dot product would lose half the digits of small
/// angles (Kahan 2006, "How futile are mindless assessments of roundoff").
double angle_between(std::span<const float> a, double norm_a, std::span<const float> b,
                     double norm_b) {
  double difference = 0;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double u = a[i] / norm_a;
    const double v = b[i] / norm_b;
    difference += (u - v) * (u - v);
    sum += (u + v) * (u + v);
  }
  return 2.0 * std::atan2(std::sqrt(difference), std::sqrt(sum));
}

/// weight_a * a + weight_b * b
Latent blend(std::span<const float> a, double weight_a, std::span<const float> b, double weight_b) {
  Latent result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    result[i] = static_cast<float>(weight_a * a[i] + weight_b * b[i]);
  return result;
}

}  // namespace

Latent lerp(std::span<const float> a, std::span<const float> b, float t) {
  assert(a.size() == b.size());
  if (t <= 0.0F) return {a.begin(), a.end()};
  if (t >= 1.0F) return {b.begin(), b.end()};
  return blend(a, 1.0 - static_cast<double>(t), b, t);
}

Latent slerp(std::span<const float> a, std::span<const float> b, float t) {
  assert(a.size() == b.size());
  if (t <= 0.0F || t >= 1.0F) return lerp(a, b, t);
  const double norm_a = exact_norm(a);
  const double norm_b = exact_norm(b);
  if (norm_a == 0 || norm_b == 0) return lerp(a, b, t);
  const double angle = angle_between(a, norm_a, b, norm_b);
  const double sine = std::sin(angle);
  if (sine < 1e-4) return lerp(a, b, t);  // parallel or opposite: there is no one great circle
  // On the unit sphere, then given the length between the two lengths.
  const double length = (1.0 - t) * norm_a + t * norm_b;
  return blend(a, length * std::sin((1.0 - t) * angle) / (sine * norm_a), b,
               length * std::sin(t * angle) / (sine * norm_b));
}

Latent interpolate(Interpolation kind, std::span<const float> a, std::span<const float> b,
                   float t) {
  return kind == Interpolation::Slerp ? slerp(a, b, t) : lerp(a, b, t);
}

float ease(Easing easing, float progress) {
  // In double, so that rounding cannot make the curve step back.
  const double t = std::clamp(static_cast<double>(progress), 0.0, 1.0);
  switch (easing) {
    case Easing::Linear:
      break;
    case Easing::Smooth:
      return static_cast<float>(t * t * (3.0 - 2.0 * t));
    case Easing::Smoother:
      return static_cast<float>(t * t * t * (t * (6.0 * t - 15.0) + 10.0));
    case Easing::EaseIn:
      return static_cast<float>(t * t);
    case Easing::EaseOut:
      return static_cast<float>(t * (2.0 - t));
  }
  return static_cast<float>(t);
}

std::string_view name_of(Easing easing) {
  return name_in(kEasingNames, easing);
}
std::optional<Easing> easing_from(std::string_view name) {
  return value_in<Easing>(kEasingNames, name);
}

}  // namespace facemorph
