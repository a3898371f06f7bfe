#pragma once

#include "runs/train_config.hpp"

#include <torch/types.h>

namespace facemorph {

/// The discriminator's loss on real or on generated pictures; `logits` are its outputs before the
/// sigmoid.
torch::Tensor discriminator_loss(Loss loss, const torch::Tensor& logits, bool real);

/// The generator's loss on its pictures.
torch::Tensor generator_loss(Loss loss, const torch::Tensor& logits);

/// Mean squared norm of D's gradient at real pictures (Mescheder et al. 2018, eq. 9, without
/// gamma / 2). `images` must be a leaf that requires gradients; differentiable a second time.
torch::Tensor r1_penalty(const torch::Tensor& logits, const torch::Tensor& images);

}  // namespace facemorph
