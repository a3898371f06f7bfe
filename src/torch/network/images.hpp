#pragma once

#include "pictures/image.hpp"

#include <torch/types.h>

#include <vector>

namespace facemorph {

/// What a network made, [N, 1 or 3, H, W] in [-1, 1] on any device, as pictures:
/// round((x + 1) / 2 * 255), NaN gives 0.
std::vector<Image> to_images(const torch::Tensor& batch);

}  // namespace facemorph
