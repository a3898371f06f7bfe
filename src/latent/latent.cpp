#include "latent/latent.hpp"

#include <cassert>
#include <cmath>
#include <numbers>
#include <random>

namespace facemorph {
namespace {

constexpr std::size_t kBlock = 16;  // ATen's normal_fill works on blocks of 16

/// ATen's uniform float: the low 24 bits of one draw.
float uniform_float(std::mt19937& random) {
  return static_cast<float>(random() & ((1U << 24) - 1)) / static_cast<float>(1U << 24);
}

/// ATen's uniform double: the low 53 bits of two draws, the first one high.
double uniform_double(std::mt19937& random) {
  const std::uint64_t high = random();
  const std::uint64_t bits = (high << 32) | random();
  return static_cast<double>(bits & ((1ULL << 53) - 1)) / static_cast<double>(1ULL << 53);
}

/// Box-Muller in place: the first eight uniforms give radii, the other eight angles. All in float,
/// as ATen's AVX2 code does; its scalar code differs in the last bits.
void normal_from_uniform(std::span<float> block) {
  for (std::size_t i = 0; i < kBlock / 2; ++i) {
    const float u1 = 1.0F - block[i];  // (0, 1], so that the logarithm is finite
    const float u2 = block[i + kBlock / 2];
    const float radius = std::sqrt(-2.0F * std::log(u1));
    const float theta = 2.0F * std::numbers::pi_v<float> * u2;
    block[i] = radius * std::cos(theta);
    block[i + kBlock / 2] = radius * std::sin(theta);
  }
}

void fill_blocks(std::mt19937& random, std::span<float> z) {
  for (float& value : z)
    value = uniform_float(random);
  for (std::size_t i = 0; i + kBlock <= z.size(); i += kBlock)
    normal_from_uniform(z.subspan(i, kBlock));
  if (z.size() % kBlock == 0) return;
  const auto tail = z.last(kBlock);  // redrawn, as ATen does
  for (float& value : tail)
    value = uniform_float(random);
  normal_from_uniform(tail);
}

void fill_serially(std::mt19937& random, std::span<float> z) {
  for (std::size_t i = 0; i < z.size(); i += 2) {
    const double u1 = uniform_double(random);
    const double u2 = uniform_double(random);
    const double radius = std::sqrt(-2.0 * std::log1p(-u2));
    const double theta = 2.0 * std::numbers::pi * u1;
    z[i] = static_cast<float>(radius * std::cos(theta));
    if (i + 1 < z.size()) z[i + 1] = static_cast<float>(radius * std::sin(theta));
  }
}

}  // namespace

float norm(std::span<const float> z) {
  double sum = 0;
  for (const float value : z)
    sum += static_cast<double>(value) * value;
  return static_cast<float>(std::sqrt(sum));
}

Latent seed_latent(std::uint64_t seed, int nz) {
  assert(nz >= 1);
  Latent z(static_cast<std::size_t>(nz));
  std::mt19937 random(static_cast<std::uint32_t>(seed));  // ATen drops the high half too
  if (z.size() >= kBlock) {
    fill_blocks(random, z);
  } else {
    fill_serially(random, z);
  }
  return z;
}

std::vector<Latent> seed_latents(std::uint64_t first_seed, int count, int nz) {
  std::vector<Latent> latents;
  for (int i = 0; i < count; ++i)
    latents.push_back(seed_latent(first_seed + static_cast<std::uint64_t>(i), nz));
  return latents;
}

Latent truncate(std::span<const float> z, float psi) {
  Latent result(z.begin(), z.end());
  for (float& value : result)
    value *= psi;
  return result;
}

}  // namespace facemorph
