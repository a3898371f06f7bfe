#include "torch/training/metrics.hpp"

#include "torch/training/random.hpp"

#include <c10/core/InferenceMode.h>
#include <torch/nn/functional/padding.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace facemorph {
namespace {

namespace F = torch::nn::functional;

constexpr std::int64_t kPatch = 7;
constexpr std::int64_t kPatchesPerImage = 32;
constexpr std::int64_t kDirections = 512;
constexpr std::int64_t kDirectionsAtOnce = 64;
constexpr std::int64_t kSmallestLevel = 16;

/// Every channel by itself along one direction.
torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& kernel) {
  const std::int64_t channels = x.size(1);
  static constexpr std::array<std::int64_t, 2> kOnes = {1, 1};
  static constexpr std::array<std::int64_t, 2> kZeros = {0, 0};
  return torch::conv2d(x, kernel.expand({channels, 1, kernel.size(2), kernel.size(3)}), {}, kOnes,
                       kZeros, kOnes, channels);
}

/// A separable kernel; `same` mirrors the edges, so that the size stays.
torch::Tensor blur(const torch::Tensor& x, const torch::Tensor& kernel, bool same) {
  const std::int64_t size = kernel.size(0);
  const std::int64_t edge = same ? size / 2 : 0;
  const torch::Tensor padded =
      same ? F::pad(x, F::PadFuncOptions({edge, edge, edge, edge}).mode(torch::kReflect)) : x;
  return convolve(convolve(padded, kernel.view({1, 1, size, 1})), kernel.view({1, 1, 1, size}));
}

torch::Tensor binomial() {
  return torch::tensor({1.0F, 4.0F, 6.0F, 4.0F, 1.0F}) / 16;
}

torch::Tensor shrunk(const torch::Tensor& x) {
  return blur(x, binomial(), true).slice(2, 0, c10::nullopt, 2).slice(3, 0, c10::nullopt, 2);
}

/// Zeros between the pixels, then the same filter times four (Burt & Adelson 1983).
torch::Tensor enlarged(const torch::Tensor& x) {
  torch::Tensor y = torch::zeros({x.size(0), x.size(1), 2 * x.size(2), 2 * x.size(3)});
  y.slice(2, 0, c10::nullopt, 2).slice(3, 0, c10::nullopt, 2).copy_(x);
  return blur(y, binomial() * 2, true);
}

std::vector<torch::Tensor> laplacian_pyramid(const torch::Tensor& images) {
  std::vector<torch::Tensor> levels;
  torch::Tensor x = images;
  while (x.size(3) > kSmallestLevel) {
    const torch::Tensor small = shrunk(x);
    levels.push_back(x - enlarged(small));
    x = small;
  }
  levels.push_back(x);
  return levels;
}

/// Random patches [N * kPatchesPerImage, C * 49], every channel normalised over all of them.
torch::Tensor patches(const torch::Tensor& level, const at::Generator& random) {
  const std::int64_t places = level.size(3) - kPatch + 1;
  const torch::Tensor windows = level.unfold(2, kPatch, 1).unfold(3, kPatch, 1);
  const std::int64_t count = level.size(0) * kPatchesPerImage;
  const torch::Tensor image = torch::arange(level.size(0)).repeat_interleave(kPatchesPerImage);
  const torch::Tensor row = torch::randint(places, {count}, random);
  const torch::Tensor column = torch::randint(places, {count}, random);
  const torch::Tensor found =
      windows.permute({0, 2, 3, 1, 4, 5}).index({image, row, column});  // [count, C, 7, 7]
  const torch::Tensor mean = found.mean({0, 2, 3}, true);
  const torch::Tensor deviation = found.std({0, 2, 3}, false, true).clamp_min(1e-8);
  return ((found - mean) / deviation).flatten(1);
}

double distance(const torch::Tensor& a, const torch::Tensor& b, const at::Generator& random) {
  double sum = 0;
  for (std::int64_t done = 0; done < kDirections; done += kDirectionsAtOnce) {
    torch::Tensor directions = torch::randn({a.size(1), kDirectionsAtOnce}, random);
    directions = directions / directions.norm(2, 0, true);
    // Rows, so that sorting runs over neighbouring numbers.
    const torch::Tensor along_a = std::get<0>(directions.t().mm(a.t()).sort(1));
    const torch::Tensor along_b = std::get<0>(directions.t().mm(b.t()).sort(1));
    sum += (along_a - along_b).abs().mean().item<double>() * kDirectionsAtOnce;
  }
  return sum / kDirections;
}

torch::Tensor gaussian(std::int64_t size, double sigma) {
  const torch::Tensor x = torch::arange(size, torch::kFloat32) - static_cast<double>(size - 1) / 2;
  const torch::Tensor kernel = (-x.square() / (2 * sigma * sigma)).exp();
  return kernel / kernel.sum();
}

struct Similarity {
  torch::Tensor structure;  ///< contrast and structure of every pair
  torch::Tensor all;        ///< and luminance
};

/// SSIM of every pair (Wang et al. 2004), pictures in [0, 1].
Similarity similarity(const torch::Tensor& a, const torch::Tensor& b) {
  constexpr double kC1 = 0.01 * 0.01;
  constexpr double kC2 = 0.03 * 0.03;
  const std::int64_t size = std::min<std::int64_t>(11, a.size(3));
  const torch::Tensor kernel = gaussian(size, 1.5 * static_cast<double>(size) / 11);
  const auto mean = [&](const torch::Tensor& x) { return blur(x, kernel, false); };
  const torch::Tensor mean_a = mean(a);
  const torch::Tensor mean_b = mean(b);
  const torch::Tensor variances =
      mean(a.square()) - mean_a.square() + mean(b.square()) - mean_b.square();
  const torch::Tensor covariance = mean(a * b) - mean_a * mean_b;
  const torch::Tensor structure = (2 * covariance + kC2) / (variances + kC2);
  const torch::Tensor luminance =
      (2 * mean_a * mean_b + kC1) / (mean_a.square() + mean_b.square() + kC1);
  return {structure.mean({1, 2, 3}), (structure * luminance).mean({1, 2, 3})};
}

}  // namespace

std::vector<double> sliced_wasserstein(const torch::Tensor& a, const torch::Tensor& b,
                                       std::uint64_t seed) {
  const c10::InferenceMode inference;
  const std::int64_t count = std::min(a.size(0), b.size(0));
  const auto levels_a = laplacian_pyramid(a.narrow(0, 0, count));
  const auto levels_b = laplacian_pyramid(b.narrow(0, 0, count));
  std::vector<double> distances;
  for (std::size_t i = 0; i < levels_a.size(); ++i) {
    const at::Generator random = random_stream(seed, Draw::Metrics, i);
    const torch::Tensor patches_a = patches(levels_a[i], random);
    const torch::Tensor patches_b = patches(levels_b[i], random);
    distances.push_back(1000 * distance(patches_a, patches_b, random));
  }
  return distances;
}

double pairwise_ms_ssim(const torch::Tensor& images) {
  static constexpr std::array<double, 5> kWeights = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
  const c10::InferenceMode inference;
  const torch::Tensor unit = (images + 1) / 2;
  torch::Tensor a = unit.slice(0, 0, images.size(0) / 2 * 2, 2);
  torch::Tensor b = unit.slice(0, 1, c10::nullopt, 2);
  torch::Tensor product = torch::ones({a.size(0)});
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const Similarity level = similarity(a, b);
    const bool last = i + 1 == kWeights.size() || a.size(3) < 8;
    product = product * (last ? level.all : level.structure).clamp_min(0).pow(kWeights[i]);
    if (last) break;
    a = torch::avg_pool2d(a, 2);
    b = torch::avg_pool2d(b, 2);
  }
  return product.mean().item<double>();
}

}  // namespace facemorph
