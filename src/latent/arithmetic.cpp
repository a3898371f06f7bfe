#include "latent/arithmetic.hpp"

#include <cassert>
#include <cmath>
#include <random>

namespace facemorph {
namespace {

double dot(std::span<const float> a, std::span<const float> b) {
  assert(a.size() == b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

Latent stepped(std::span<const float> z, std::span<const float> way, double by) {
  Latent result(z.begin(), z.end());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = static_cast<float>(result[i] + by * way[i]);
  return result;
}

/// What of a vector lies across all of some orthogonal ones of length 1.
Latent without(std::span<const float> vector, const std::vector<Latent>& axes) {
  Latent rest(vector.begin(), vector.end());
  for (const Latent& axis : axes)
    rest = stepped(rest, axis, -dot(rest, axis));
  return rest;
}

/// Adds the mean of a term's exemplars, weighted.
void add_term(std::vector<double>& sum, const WeightedLatents& term) {
  const double share = term.weight / static_cast<double>(term.exemplars.size());
  for (const Latent& exemplar : term.exemplars) {
    sum.resize(exemplar.size(), 0.0);
    for (std::size_t i = 0; i < exemplar.size(); ++i)
      sum[i] += share * exemplar[i];
  }
}

}  // namespace

Latent weighted_sum(std::span<const WeightedLatents> terms, SumLength length) {
  std::vector<double> sum;
  for (const WeightedLatents& term : terms)
    if (!term.exemplars.empty()) add_term(sum, term);
  Latent result(sum.begin(), sum.end());
  if (length == SumLength::Raw || result.empty()) return result;
  return with_norm(result, std::sqrt(static_cast<float>(result.size())));
}

Latent with_norm(std::span<const float> z, float length) {
  Latent result(z.begin(), z.end());
  const double now = std::sqrt(dot(z, z));
  if (now == 0) return result;
  for (float& value : result)
    value = static_cast<float>(value * (length / now));
  return result;
}

Latent noisy_neighbour(std::span<const float> z, float amount, std::size_t number) {
  std::mt19937 generator(static_cast<std::uint32_t>(number) + 1);
  Latent result(z.begin(), z.end());
  for (float& value : result) {
    const double share = generator() / static_cast<double>(std::mt19937::max());
    value = static_cast<float>(value + amount * (2 * share - 1));
  }
  return result;
}

float place_along(std::span<const float> z, std::span<const float> direction) {
  return static_cast<float>(dot(z, direction));
}

Latent moved_along(std::span<const float> z, std::span<const float> direction, float place) {
  return stepped(z, direction, place - dot(z, direction));
}

Latent moved_along(std::span<const float> z, std::span<const float> direction, float place,
                   std::span<const Latent> held) {
  constexpr double kTooLittle = 0.05;
  std::vector<Latent> across;  // the held ones, made orthogonal one by one (Gram-Schmidt)
  for (const Latent& other : held) {
    const Latent rest = without(other, across);
    if (norm(rest) > 1e-3F) across.push_back(with_norm(rest, 1.0F));
  }
  const Latent way = without(direction, across);
  const double along = dot(way, direction);
  if (along < kTooLittle) return moved_along(z, direction, place);
  return stepped(z, way, (place - dot(z, direction)) / along);
}

}  // namespace facemorph
