#include "latent/interpolate.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace facemorph {
namespace {

constexpr std::array<std::pair<Interpolation, std::string_view>, 2> kInterpolationNames = {
    {{Interpolation::Slerp, "slerp"}, {Interpolation::Linear, "linear"}}};
constexpr std::array<std::pair<Easing, std::string_view>, 5> kEasingNames = {{{Easing::Linear, "linear"},
                                                                              {Easing::Smooth, "smooth"},
                                                                              {Easing::Smoother, "smoother"},
                                                                              {Easing::EaseIn, "ease-in"},
                                                                              {Easing::EaseOut, "ease-out"}}};

template <typename Table, typename Value>
std::string_view name_in(const Table& table, Value value) {
  return std::ranges::find(table, value, [](const auto& row) { return row.first; })->second;
}

template <typename Value, typename Table>
std::optional<Value> value_in(const Table& table, std::string_view name) {
  const auto* found = std::ranges::find(table, name, [](const auto& row) { return row.second; });
  return found == table.end() ? std::nullopt : std::optional(found->first);
}

/// weight_a * a + weight_b * b
Latent blend(std::span<const float> a, double weight_a, std::span<const float> b, double weight_b) {
  Latent result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = static_cast<float>(weight_a * a[i] + weight_b * b[i]);
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
  const double norm_a = norm(a);
  const double norm_b = norm(b);
  if (norm_a == 0 || norm_b == 0) return lerp(a, b, t);
  double dot = 0;
  for (std::size_t i = 0; i < a.size(); ++i) dot += static_cast<double>(a[i]) * b[i];
  const double angle = std::acos(std::clamp(dot / (norm_a * norm_b), -1.0, 1.0));
  const double sine = std::sin(angle);
  if (sine < 1e-4) return lerp(a, b, t);  // parallel or opposite: there is no one great circle
  // On the unit sphere, then given the length between the two lengths.
  const double length = (1.0 - t) * norm_a + t * norm_b;
  return blend(a, length * std::sin((1.0 - t) * angle) / (sine * norm_a), b,
               length * std::sin(t * angle) / (sine * norm_b));
}

Latent interpolate(Interpolation kind, std::span<const float> a, std::span<const float> b, float t) {
  return kind == Interpolation::Slerp ? slerp(a, b, t) : lerp(a, b, t);
}

float ease(Easing easing, float t) {
  t = std::clamp(t, 0.0F, 1.0F);
  switch (easing) {
    case Easing::Linear: return t;
    case Easing::Smooth: return t * t * (3.0F - 2.0F * t);
    case Easing::Smoother: return std::clamp(t * t * t * (t * (6.0F * t - 15.0F) + 10.0F), 0.0F, 1.0F);
    case Easing::EaseIn: return t * t;
    case Easing::EaseOut: return t * (2.0F - t);
  }
  return t;
}

std::string_view name_of(Interpolation kind) { return name_in(kInterpolationNames, kind); }
std::string_view name_of(Easing easing) { return name_in(kEasingNames, easing); }
std::optional<Interpolation> interpolation_from(std::string_view name) {
  return value_in<Interpolation>(kInterpolationNames, name);
}
std::optional<Easing> easing_from(std::string_view name) { return value_in<Easing>(kEasingNames, name); }

}  // namespace facemorph
