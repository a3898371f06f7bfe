#pragma once

#include <torch/types.h>

namespace facemorph {

/// How unlike pictures of a trained generator some images are; less is better, and a difference of
/// 0.1 shows. A network read as it was trained gives the smoothest pictures, of natural contrast,
/// each another one: a wrong norm or activation disturbs what its layers have learnt to cancel.
/// Compares readings of one network at one size only. images: [N, C, H, W] in [-1, 1], H and W
/// >= 2.
double unlikeness(const torch::Tensor& images);

/// Standard deviation of the values of images.
double contrast(const torch::Tensor& images);

/// Contrasts of ordinary pictures in [-1, 1].
constexpr double kLeastContrast = 0.35;
constexpr double kMostContrast = 0.68;

}  // namespace facemorph
