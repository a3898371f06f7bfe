#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace facemorph {

/// Sliced Wasserstein distance between the patches of two sets of pictures, at every level of a
/// Laplacian pyramid from the full size down to 16 (Karras et al. 2018, section 5: 7x7 patches,
/// every channel normalised, 512 random directions), times 1000 as there. 0 for equal sets; two
/// halves of the same data give the floor. Depends a little on the number of pictures: compare only
/// figures of equal numbers. Pictures [N, C, S, S] in [-1, 1], S at least 16; the larger set is cut
/// to the number of the smaller.
std::vector<double> sliced_wasserstein(const torch::Tensor& a, const torch::Tensor& b,
                                       std::uint64_t seed);

/// Mean multi-scale structural similarity (Wang et al. 2003) of the pictures' pairs (0, 1), (2, 3),
/// …: how alike they are, 1 for equal ones. Much higher than for the training pictures means that a
/// generator has collapsed (Odena et al. 2017).
double pairwise_ms_ssim(const torch::Tensor& images);

}  // namespace facemorph
