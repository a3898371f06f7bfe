#include "torch/training/augment.hpp"

#include <torch/types.h>

namespace facemorph {
namespace {

/// One number a picture, drawn on the CPU so that every device trains alike.
class Chance {
 public:
  Chance(std::int64_t count, double probability, at::Generator random)
      : count_(count), probability_(probability), random_(std::move(random)) {}

  /// Uniform in [low, high), or `otherwise` for pictures that are spared: [N, 1, 1, 1].
  torch::Tensor uniform(double low, double high, double otherwise) {
    const torch::Tensor values = draw().mul(high - low).add(low);
    return values.masked_fill(draw() >= probability_, otherwise).view({count_, 1, 1, 1});
  }
  torch::Tensor hits() { return (draw() < probability_).view({count_, 1, 1, 1}); }

 private:
  torch::Tensor draw() { return torch::rand({count_}, random_); }

  std::int64_t count_;
  double probability_;
  at::Generator random_;
};

torch::Tensor change_colour(torch::Tensor x, Chance& chance) {
  const auto options = x.options();
  x = x + chance.uniform(-0.5, 0.5, 0).to(options, true);
  const torch::Tensor grey = x.mean(1, true);
  x = grey + (x - grey) * chance.uniform(0, 2, 1).to(options, true);
  const torch::Tensor mean = x.mean({1, 2, 3}, true);
  return mean + (x - mean) * chance.uniform(0.5, 1.5, 1).to(options, true);
}

/// Matrices that move the rows of a picture down by whole numbers: [N, 1, S, S]. A product with one
/// is differentiable, exact and one kernel on any device.
torch::Tensor shifts(std::int64_t size, double most, Chance& chance, const torch::Tensor& like) {
  const torch::Tensor by = chance.uniform(-most - 0.5, most + 0.5, 0).round();
  const torch::Tensor places = torch::arange(size, torch::kFloat32);
  const torch::Tensor from = places.view({1, 1, 1, size});
  const torch::Tensor to = places.view({1, 1, size, 1});
  return (to == from + by).to(like.options(), /*non_blocking=*/true);
}

torch::Tensor translate(const torch::Tensor& x, double share, Chance& chance) {
  const std::int64_t size = x.size(3);
  const double most = static_cast<double>(size) * share;
  const torch::Tensor right = shifts(size, most, chance, x).transpose(2, 3);
  const torch::Tensor down = shifts(size, most, chance, x);
  return down.matmul(x).matmul(right);
}

/// 1 outside of the blanked span of `length` around a centre drawn for every picture: [N, S].
torch::Tensor outside(std::int64_t size, double length, Chance& chance) {
  const torch::Tensor centre = chance.uniform(0, static_cast<double>(size), 0).view({-1, 1});
  const torch::Tensor places = torch::arange(size, torch::kFloat32).add(0.5).view({1, size});
  return (places - centre).abs() >= length / 2;
}

torch::Tensor cut_out(const torch::Tensor& x, double share, Chance& chance, Chance& always) {
  const std::int64_t size = x.size(3);
  const double length = static_cast<double>(size) * share;
  const torch::Tensor rows = outside(size, length, always).view({-1, 1, size, 1});
  const torch::Tensor columns = outside(size, length, always).view({-1, 1, 1, size});
  const torch::Tensor spared = chance.hits().logical_not();
  return x * rows.logical_or(columns).logical_or(spared).to(x.options(), true);
}

}  // namespace

torch::Tensor augment(const torch::Tensor& images, const AugmentSettings& settings,
                      at::Generator random) {
  if (settings.probability <= 0) return images;
  torch::Tensor x = images;
  Chance chance(x.size(0), settings.probability, random);
  if (settings.colour) x = change_colour(x, chance);
  if (settings.translation > 0) x = translate(x, settings.translation, chance);
  Chance always(x.size(0), 1.0, random);
  if (settings.cutout > 0) x = cut_out(x, settings.cutout, chance, always);
  return x;
}

}  // namespace facemorph
