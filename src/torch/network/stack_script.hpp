#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace facemorph {

/// The stack as a TorchScript archive, which torch.jit.load() opens in Python and C++, and
/// Facemorph too. Its forward takes latents [N, nz, 1, 1] or [N, nz] and gives images
/// [N, channels, size, size] in [-1, 1]. Weights are parameters without gradients "layer3_weight"
/// …, statistics and a class's values are buffers. Throws Error when the stack does not pass
/// check_stack().
std::vector<std::byte> to_torchscript(const LayerStack& stack);

/// The source of that forward method.
std::string forward_source(const LayerStack& stack);

}  // namespace facemorph
