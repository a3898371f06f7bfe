#pragma once

#include "engine/model.hpp"
#include "latent/latent.hpp"

#include <functional>
#include <stop_token>
#include <vector>

namespace facemorph {

/// A way along which a generator's faces vary much.
struct PrincipalDirection {
  Latent vector;    ///< of length 1
  float share = 0;  ///< of the variance of the features
};

struct PrincipalOptions {
  int count = 12;
  int faces = 3000;  ///< random latents to look at
};

/// GANSpace (Härkönen et al. 2020, section 2): principal components of the activations that random
/// latents have early in the network (behind its second activation, of a DCGAN its second layer,
/// averaged to at most 4x4; of TorchScript, of the pictures), brought back to latents by linear
/// regression. The strongest first; the same model gives the same directions. Slow: seconds.
/// `progress` is called with 0 … 1 on the calling thread. Empty when stopped. Throws Error when the
/// network cannot run.
std::vector<PrincipalDirection> find_principal_directions(
    const Model& model, const PrincipalOptions& options = {},
    const std::function<void(double)>& progress = {}, const std::stop_token& stop = {});

}  // namespace facemorph
