#include "torch/training/random.hpp"

#include <ATen/CPUGeneratorImpl.h>

namespace facemorph {
namespace {

/// The finaliser of SplitMix64 (Steele et al. 2014).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

}  // namespace

at::Generator random_stream(std::uint64_t seed, Draw draw, std::uint64_t index) {
  const std::uint64_t mixed = mix(mix(mix(seed) + static_cast<std::uint64_t>(draw)) + index);
  return at::make_generator<at::CPUGeneratorImpl>(mixed);
}

}  // namespace facemorph
