#include "torch/training/augment.hpp"

#include "torch/training/random.hpp"

#include <gtest/gtest.h>
#include <torch/autograd.h>

namespace facemorph {
namespace {

torch::Tensor pictures(int count = 64) {
  return torch::rand({count, 3, 32, 32}, random_stream(1, Draw::Noise, 0)) * 2 - 1;
}
at::Generator random(std::uint64_t index = 0) {
  return random_stream(1, Draw::AugmentReal, index);
}

TEST(Augment, WithProbabilityZeroNothingChanges) {
  const torch::Tensor x = pictures();
  EXPECT_TRUE(augment(x, {0, true, 0.125, 0.33}, random()).is_same(x));
}

TEST(Augment, TheSameStreamGivesTheSameChanges) {
  const torch::Tensor x = pictures();
  const AugmentSettings all{0.7, true, 0.125, 0.33};
  EXPECT_TRUE(augment(x, all, random(3)).equal(augment(x, all, random(3))));
  EXPECT_FALSE(augment(x, all, random(3)).equal(augment(x, all, random(4))));
}

TEST(Augment, TranslationMovesWholePicturesAndLeavesZeros) {
  const torch::Tensor x = pictures();
  const torch::Tensor y = augment(x, {1, false, 0.125, 0}, random());
  int moved = 0;
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    bool found = false;
    for (int dx = -4; dx <= 4 && !found; ++dx)
      for (int dy = -4; dy <= 4 && !found; ++dy)
        if (torch::constant_pad_nd(x[i], {dx, -dx, dy, -dy}).equal(y[i])) {
          found = true;
          moved += dx != 0 || dy != 0 ? 1 : 0;
        }
    EXPECT_TRUE(found) << "picture " << i;
  }
  EXPECT_GT(moved, 50);
}

TEST(Augment, CutoutBlanksAtMostASquareOfItsShare) {
  const torch::Tensor x = torch::ones({64, 3, 32, 32});
  const torch::Tensor y = augment(x, {1, false, 0, 0.25}, random());
  for (std::int64_t i = 0; i < y.size(0); ++i) {
    const auto blank = y[i][0].eq(0).sum().item<std::int64_t>();
    EXPECT_GE(blank, 16) << "a corner is the least";
    EXPECT_LE(blank, 64);
    EXPECT_TRUE(y[i][0].equal(y[i][2]));
  }
  EXPECT_EQ(y.eq(0).logical_or(y.eq(1)).all().item<bool>(), true);
}

TEST(Augment, SparesPicturesAsOftenAsAsked) {
  const torch::Tensor x = torch::ones({1000, 1, 8, 8});
  const torch::Tensor y = augment(x, {0.3, false, 0, 0.5}, random());
  const double hit = y.eq(0).any(-1).any(-1).to(torch::kFloat64).mean().item<double>();
  EXPECT_NEAR(hit, 0.3, 0.05);
}

TEST(Augment, ColoursChangeWithoutMovingAnything) {
  const torch::Tensor x = pictures();
  const torch::Tensor y = augment(x, {1, true, 0, 0}, random());
  EXPECT_FALSE(y.allclose(x));
  // Brightness, saturation and contrast are affine in a picture's pixels: greys stay in order.
  const torch::Tensor grey_before = x.mean(1).flatten(1);
  const torch::Tensor grey_after = y.mean(1).flatten(1);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    const torch::Tensor a = grey_before[i] - grey_before[i].mean();
    const torch::Tensor b = grey_after[i] - grey_after[i].mean();
    const double correlation =
        (a * b).sum().item<double>() /
        std::sqrt((a * a).sum().item<double>() * (b * b).sum().item<double>());
    EXPECT_NEAR(correlation, 1, 1e-3);
  }
}

TEST(Augment, GradientsReachThePictures) {
  // In doubles, so that the numerical gradient is exact enough.
  const torch::Tensor x = pictures(4).to(torch::kFloat64).requires_grad_(true);
  const AugmentSettings all{0.7, true, 0.125, 0.33};
  const torch::Tensor weights = torch::randn({4, 3, 32, 32}, random(9)).to(torch::kFloat64);
  const auto value = [&](const torch::Tensor& pixels) {
    return (augment(pixels, all, random(5)).to(torch::kFloat64) * weights).sum();
  };
  const torch::Tensor gradient = torch::autograd::grad({value(x)}, {x}).front();
  const torch::Tensor direction = torch::randn({4, 3, 32, 32}, random(8)).to(torch::kFloat64);
  constexpr double kStep = 1e-3;
  const torch::NoGradGuard no_grad;
  const double numeric =
      ((value(x + kStep * direction) - value(x - kStep * direction)) / (2 * kStep)).item<double>();
  EXPECT_NEAR((gradient * direction).sum().item<double>(), numeric,
              1e-4 * std::abs(numeric) + 1e-6);
}

}  // namespace
}  // namespace facemorph
