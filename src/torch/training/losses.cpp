#include "torch/training/losses.hpp"

#include <torch/autograd.h>
#include <torch/nn/functional.h>

namespace facemorph {
namespace {

/// With logits: the same as the tutorial's sigmoid and BCELoss, without overflow.
torch::Tensor cross_entropy(const torch::Tensor& logits, bool real) {
  return torch::binary_cross_entropy_with_logits(logits,
                                                 torch::full_like(logits, real ? 1.0 : 0.0));
}

}  // namespace

torch::Tensor discriminator_loss(Loss loss, const torch::Tensor& logits, bool real) {
  if (loss == Loss::Bce) return cross_entropy(logits, real);
  return torch::relu(real ? 1 - logits : 1 + logits).mean();
}

torch::Tensor generator_loss(Loss loss, const torch::Tensor& logits) {
  if (loss == Loss::Bce) return cross_entropy(logits, true);
  return -logits.mean();
}

torch::Tensor r1_penalty(const torch::Tensor& logits, const torch::Tensor& images) {
  const torch::Tensor gradient =
      torch::autograd::grad({logits.sum()}, {images}, {}, /*retain_graph=*/true,
                            /*create_graph=*/true)
          .front();
  return gradient.square().sum({1, 2, 3}).mean();
}

}  // namespace facemorph
