#include "torch/network/latent_tensor.hpp"

#include "latent/latent.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>

namespace facemorph {

torch::Tensor latent_tensor(std::span<const std::vector<float>> latents) {
  torch::Tensor tensor = at::empty({static_cast<std::int64_t>(latents.size()),
                                    static_cast<std::int64_t>(latents.front().size()), 1, 1});
  float* out = tensor.data_ptr<float>();
  for (const std::vector<float>& latent : latents)
    out = std::ranges::copy(latent, out).out;
  return tensor;
}

torch::Tensor random_latents(int count, int nz, std::uint64_t first_seed) {
  return latent_tensor(seed_latents(first_seed, count, nz));
}

}  // namespace facemorph
