#pragma once

#include "engine/engine.hpp"

#include <memory>

namespace facemorph {

/// The general engine: runs any layer stack, and TorchScript programs, with LibTorch on CPU or
/// CUDA. Throws Error when the device is not there.
std::unique_ptr<Engine> make_torch_engine(const Model& model, const EngineOptions& options);

}  // namespace facemorph
