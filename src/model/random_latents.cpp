#include "model/random_latents.hpp"

#include "latent/latent.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>

namespace facemorph {

torch::Tensor random_latents(int count, int nz, std::uint64_t first_seed) {
  torch::Tensor latents = at::empty({count, nz, 1, 1});
  float* out = latents.data_ptr<float>();
  for (int i = 0; i < count; ++i) {
    const Latent latent = seed_latent(first_seed + static_cast<std::uint64_t>(i), nz);
    out = std::copy(latent.begin(), latent.end(), out);
  }
  return latents;
}

}  // namespace facemorph
