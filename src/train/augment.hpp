#pragma once

#include "train/train_config.hpp"

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace facemorph {

/// DiffAugment (Zhao et al. 2020, section 3.3): brightness, saturation, contrast; translation with
/// black borders; cutout. Images [N, C, S, S] in [-1, 1], any device; differentiable in them. Every
/// kind of change falls on every picture with the given probability, independently.
torch::Tensor augment(const torch::Tensor& images, const AugmentSettings& settings,
                      at::Generator random);

}  // namespace facemorph
