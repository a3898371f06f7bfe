#pragma once

#include <torch/script.h>

#include <cstddef>
#include <span>

namespace facemorph {

/// A TorchScript generator that has been checked and may be run.
struct ScriptNetwork {
  torch::jit::Module module;
  bool flat_latent = false;  ///< forward takes [N, nz] instead of [N, nz, 1, 1]
  int channels = 0;
  int image_size = 0;
};

/// Loads an archive for `device`. A script is a program by a stranger: its inlined graph may only
/// contain operations that image generators need; files, loops and the like are refused by name.
/// Finds out with one latent which shape it takes. Throws Error.
ScriptNetwork load_script(std::span<const std::byte> archive, int nz, torch::Device device);

}  // namespace facemorph
