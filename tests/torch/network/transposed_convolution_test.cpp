#include "torch/network/transposed_convolution.hpp"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>

namespace facemorph {
namespace {

/// Values and both gradients are LibTorch's own.
void expect_same(torch::IntArrayRef input, torch::IntArrayRef kernel, int stride, int padding) {
  SCOPED_TRACE(testing::Message() << input << " with " << kernel << ", stride " << stride);
  torch::manual_seed(1);
  const torch::Tensor x = torch::randn(input).requires_grad_(true);
  const torch::Tensor weight = (torch::randn(kernel) * 0.1).requires_grad_(true);
  const torch::Tensor ours = TransposedConvolution(weight, stride, padding)(x);
  const torch::Tensor expected = torch::conv_transpose2d(x, weight, {}, stride, padding);
  ASSERT_EQ(ours.sizes(), expected.sizes());
  EXPECT_TRUE(ours.allclose(expected, 1e-4, 1e-5));
  const torch::Tensor pull = torch::randn_like(expected);
  const auto our_gradients = torch::autograd::grad({ours}, {x, weight}, {pull});
  const auto gradients = torch::autograd::grad({expected}, {x, weight}, {pull});
  for (std::size_t i = 0; i < gradients.size(); ++i)
    EXPECT_TRUE(our_gradients[i].allclose(gradients[i], 1e-3, 1e-4)) << "gradient " << i;
}

TEST(TransposedConvolution, GivesLibTorchsNumbersAndGradients) {
  expect_same({16, 5, 4, 4}, {5, 3, 4, 4}, 2, 1);
  expect_same({8, 2, 3, 7}, {2, 6, 4, 4}, 2, 1);   // not square
  expect_same({2, 5, 4, 4}, {5, 3, 4, 4}, 2, 1);   // a small batch
  expect_same({16, 9, 1, 1}, {9, 6, 4, 4}, 1, 0);  // a latent
  expect_same({16, 5, 3, 3}, {5, 3, 4, 4}, 1, 0);  // not a latent
  expect_same({16, 5, 4, 4}, {5, 3, 3, 3}, 2, 1);  // another kernel
}

TEST(TransposedConvolution, OfAnyShapeHasOutputPaddingAndBias) {
  torch::manual_seed(2);
  const torch::Tensor x = torch::randn({40, 6, 7, 5});
  const torch::Tensor bias = torch::randn({4});
  for (const int kernel : {1, 3, 5, 6})
    for (const int stride : {2, 3}) {
      const torch::Tensor weight = torch::randn({6, 4, kernel, kernel}) * 0.1;
      const torch::Tensor ours =
          TransposedConvolution(weight, stride, kernel / 2, stride - 1, bias)(x);
      const torch::Tensor expected =
          torch::conv_transpose2d(x, weight, bias, stride, kernel / 2, stride - 1);
      ASSERT_EQ(ours.sizes(), expected.sizes());
      EXPECT_TRUE(ours.allclose(expected, 1e-4, 1e-5)) << kernel << ", stride " << stride;
    }
}

}  // namespace
}  // namespace facemorph
