#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace facemorph {

/// Whether the bytes begin as an ONNX model does: its format version, then known fields up to a
/// graph.
bool looks_like_onnx(std::span<const std::byte> bytes);

/// The generator of an ONNX file, which must be a chain of layers from one latent [N, nz] or
/// [N, nz, 1, 1] to one picture. Shapes that the graph computes (batch sizes) are folded; dropout
/// is left out; SiLU, GELU and group norms are put together again from their parts. Pictures that
/// end in another known range (behind a sigmoid: [0, 1]) are brought to [-1, 1] by a last
/// ScaleLayer. The result has passed check_stack(). Throws Error that names the node that does not
/// fit and why, or what the file is instead (a discriminator, conditional, an image-to-image
/// network …).
LayerStack read_onnx(std::span<const std::byte> bytes);

/// The name of the program that wrote an ONNX file; empty when it does not say.
std::string onnx_producer(std::span<const std::byte> bytes);

}  // namespace facemorph
