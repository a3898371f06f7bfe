#include "torch/training/losses.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace facemorph {
namespace {

TEST(Losses, CrossEntropyIsThatOfTheSigmoid) {
  const torch::Tensor logits = torch::tensor({-2.0F, 0.5F, 3.0F});
  const torch::Tensor p = logits.sigmoid();
  EXPECT_NEAR(discriminator_loss(Loss::Bce, logits, true).item<double>(),
              (-p.log()).mean().item<double>(), 1e-6);
  EXPECT_NEAR(discriminator_loss(Loss::Bce, logits, false).item<double>(),
              (-(1 - p).log()).mean().item<double>(), 1e-6);
  EXPECT_NEAR(generator_loss(Loss::Bce, logits).item<double>(), (-p.log()).mean().item<double>(),
              1e-6);
}

TEST(Losses, HingeStopsCaringBeyondTheMargin) {
  const torch::Tensor logits = torch::tensor({-2.0F, 0.5F, 3.0F});
  EXPECT_FLOAT_EQ(discriminator_loss(Loss::Hinge, logits, true).item<float>(), (3 + 0.5 + 0) / 3);
  EXPECT_FLOAT_EQ(discriminator_loss(Loss::Hinge, logits, false).item<float>(), (0 + 1.5 + 4) / 3);
  EXPECT_FLOAT_EQ(generator_loss(Loss::Hinge, logits).item<float>(), -0.5);
}

TEST(Losses, R1IsTheSquaredGradientAndHasOneItself) {
  // D(x) = w . x squared: the gradient is 2 (w . x) w.
  const torch::Tensor w = torch::tensor({3.0F, 4.0F}).view({1, 1, 2, 1}).requires_grad_(true);
  const torch::Tensor x = torch::tensor({1.0F, 2.0F}).view({1, 1, 2, 1}).requires_grad_(true);
  const torch::Tensor logits = (w * x).sum({1, 2, 3}).square();
  const torch::Tensor penalty = r1_penalty(logits, x);
  EXPECT_FLOAT_EQ(penalty.item<float>(), std::pow(2 * 11 * 5, 2));  // |w| is 5, w . x is 11
  penalty.backward();
  EXPECT_GT(w.grad().abs().sum().item<float>(), 0);
}

}  // namespace
}  // namespace facemorph
