#include "torch/assumptions/picture_looks.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace facemorph {
namespace {

constexpr double kLeastVariety = 0.5;

/// Mean squared difference of neighbours along one side.
double steps_along(const torch::Tensor& images, std::int64_t side) {
  const std::int64_t size = images.size(side);
  const torch::Tensor difference =
      images.narrow(side, 1, size - 1) - images.narrow(side, 0, size - 1);
  return difference.square().mean().item<double>();
}

/// How far beyond what is usual, as a logarithm.
double unusual(double contrast) {
  if (contrast < kLeastContrast) return std::log(kLeastContrast / contrast);
  return contrast > kMostContrast ? std::log(contrast / kMostContrast) : 0;
}

/// Share of the values' variance that comes from one latent giving another picture than the next.
double variety(const torch::Tensor& images, double spread) {
  return images.to(torch::kFloat64).var(0, false).mean().item<double>() / (spread * spread);
}

}  // namespace

double contrast(const torch::Tensor& images) {
  return images.to(torch::kFloat64).std(false).item<double>();
}

double unlikeness(const torch::Tensor& images) {
  const double spread = contrast(images);
  const double roughness = steps_along(images, 2) + steps_along(images, 3);
  const double alike = std::max(0.0, std::log(kLeastVariety / variety(images, spread)));
  const double looks = std::log(roughness / (spread * spread)) + 2 * unusual(spread) + 2 * alike;
  return std::isfinite(looks) ? looks : std::numeric_limits<double>::max();
}

}  // namespace facemorph
