#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace facemorph {

/// [N, nz, 1, 1]. Requires latents of one size, and at least one.
torch::Tensor latent_tensor(std::span<const std::vector<float>> latents);

/// The latents of seeds first_seed, first_seed + 1 …: [count, nz, 1, 1].
torch::Tensor random_latents(int count, int nz, std::uint64_t first_seed);

}  // namespace facemorph
