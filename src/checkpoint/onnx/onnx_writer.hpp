#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <cstddef>
#include <vector>

namespace facemorph {

/// The stack as an ONNX model (opset 13): input "latent" [N, nz, 1, 1], output "image"
/// [N, channels, size, size] in [-1, 1], for any N. read_onnx() gives an equal stack again, but for
/// layers that do nothing, and except for three layers that ONNX has in parts only: latents on the
/// sphere, PixelNorm, and batch norms without statistics. Throws Error when the stack does not pass
/// check_stack() or is larger than ONNX files can be.
std::vector<std::byte> to_onnx(const LayerStack& stack);

}  // namespace facemorph
