#pragma once

#include "engine/engine.hpp"

namespace facemorph {

/// How much the picture changes from each latent, truncated, to the next: the root mean square
/// difference of their pixels, 0 … 255. One value less than latents.
std::vector<double> picture_changes(Engine& engine, std::span<const Latent> latents,
                                    float truncation);

}  // namespace facemorph
