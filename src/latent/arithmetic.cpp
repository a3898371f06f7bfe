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
  const double by = place - dot(z, direction);
  Latent result(z.begin(), z.end());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = static_cast<float>(result[i] + by * direction[i]);
  return result;
}

}  // namespace facemorph
