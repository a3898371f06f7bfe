#pragma once

#include <torch/types.h>

#include <cstdint>

namespace facemorph {

/// The latents of seeds first_seed, first_seed + 1 …: [count, nz, 1, 1].
torch::Tensor random_latents(int count, int nz, std::uint64_t first_seed);

}  // namespace facemorph
