#pragma once

#include "runs/train_config.hpp"

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace facemorph {

/// DiffAugment (Zhao et al. 2020, section 3.3): brightness, saturation, contrast; translation, by
/// whole pixels; cutout. What is uncovered or cut out becomes 0, which is mid-grey. Images
/// [N, C, S, S] in [-1, 1], any device; differentiable in them. Each of the three colours' changes,
/// of the two directions of translation, and cutout fall on every picture with the given
/// probability, independently.
torch::Tensor augment(const torch::Tensor& images, const AugmentSettings& settings,
                      at::Generator random);

}  // namespace facemorph
