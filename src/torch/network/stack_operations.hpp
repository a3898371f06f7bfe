#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <torch/types.h>

#include <functional>

namespace facemorph {

/// One layer of a LayerStack as a function of tensors on `device`, its weights already there.
/// With `may_overwrite` it may change its argument in place. Not for BatchNormLayer, which depends
/// on the mode that the network runs in.
std::function<torch::Tensor(const torch::Tensor&)> stack_operation(const Layer& layer,
                                                                   torch::Device device,
                                                                   bool may_overwrite);

/// Values as a tensor [n] on `device`; undefined when there are none.
torch::Tensor vector_tensor(const std::vector<float>& values, torch::Device device);

}  // namespace facemorph
