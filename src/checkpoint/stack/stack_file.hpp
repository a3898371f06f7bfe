#pragma once

#include "checkpoint/formats/tensor.hpp"
#include "checkpoint/stack/layer_stack.hpp"

#include <map>
#include <string>

namespace facemorph {

/// Metadata of files that hold a whole stack, so that they reopen with nothing to guess.
inline constexpr const char* kArchKey = "facemorph.arch";    ///< "stack" for these
inline constexpr const char* kStackKey = "facemorph.stack";  ///< stack_json()

/// The stack's numbers as float32 tensors "layers.<i>.weight", ".bias", ".running_mean",
/// ".running_var", ".slopes" and ".values", where i counts layers from 0. What is empty is left
/// out.
TensorTable stack_tensors(const LayerStack& stack);

/// The rest: {"nz", "channels", "image_size", "layers": [{"type": "conv2d", "kernel": 3, …}, …]}.
/// Throws Error when the stack does not pass check_stack().
std::string stack_json(const LayerStack& stack);

/// The stack that stack_json() and stack_tensors() were made of; tensors may be of another floating
/// type. Throws Error that says what is wrong: a setting that is missing or impossible, a tensor
/// that is missing, superfluous or of another shape than the layer's, layers that do not fit.
LayerStack stack_from(const std::string& json, const TensorTable& tensors);

/// Metadata for write_checkpoint().
std::map<std::string, std::string> stack_metadata(const LayerStack& stack);

}  // namespace facemorph
