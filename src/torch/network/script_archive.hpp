#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facemorph {

/// A TorchScript archive fit to be handed to LibTorch, which believes what it reads: rewritten with
/// nothing but the pickles (parsed by our own reader first, every tensor checked against its data),
/// the tensors and the source code. Refuses source that would run while loading (__setstate__), or
/// that could exhaust the stack of LibTorch's recursive parser. Torch-free. Throws Error.
std::vector<std::byte> clean_script_archive(std::span<const std::byte> archive);

}  // namespace facemorph
