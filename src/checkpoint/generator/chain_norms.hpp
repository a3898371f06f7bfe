#pragma once

#include "checkpoint/generator/chain.hpp"

namespace facemorph {

/// Gives every normalisation and every PReLU of `parts` to the layer of the chain that it follows:
/// the widths must fit; then nearness in name and place decides. Throws Error naming one that fits
/// nowhere.
void attach_norms(const std::vector<NetworkPart>& parts, GeneratorChain& chain);

}  // namespace facemorph
