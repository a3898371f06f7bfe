#pragma once

#include "checkpoint/generator/weight_layers.hpp"

#include <vector>

namespace facemorph {

/// What to say of StyleGAN's files.
inline constexpr const char* kStyleGan =
    "this is a StyleGAN, which is no chain of layers and needs its own code to run. With that "
    "code, "
    "export it as TorchScript and open that: torch.jit.trace(lambda z: G(z, None), "
    "torch.randn(1, 512)).save(\"stylegan.pt\")";

/// Throws Error when the layers are plainly those of another kind of network: an image-to-image
/// network, an autoencoder.
void refuse_other_networks(const std::vector<const WeightTensor*>& weights);

/// Throws Error that says why the layers are no generator that can be opened: they do not follow on
/// from each other, or are a discriminator's.
[[noreturn]] void refuse_unchained(const std::vector<const WeightTensor*>& weights);

}  // namespace facemorph
