#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace facemorph {

/// A point in a generator's latent space: nz values, standard normal for a typical face.
using Latent = std::vector<float>;

/// Euclidean length. A typical latent of nz values has a norm near sqrt(nz).
float norm(std::span<const float> z);

/// The latent that `torch.manual_seed(seed); torch.randn(1, nz, 1, 1)` gives on CPU, so that Python
/// and Facemorph name the same face. Requires nz >= 1. (Mersenne Twister; Box-Muller in blocks of
/// 16 for nz >= 16, pairwise in double precision below that, as ATen does.)
Latent seed_latent(std::uint64_t seed, int nz);

/// The latents of `count` seeds from first_seed on.
std::vector<Latent> seed_latents(std::uint64_t first_seed, int count, int nz);

/// The truncation trick for a prior with mean 0: z scaled towards the mean
/// (Karras et al. 2019, appendix B, applied in Z). psi 1 changes nothing, 0 is the mean face.
Latent truncate(std::span<const float> z, float psi);

}  // namespace facemorph
