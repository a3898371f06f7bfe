#pragma once

namespace facemorph {

enum class Device { Cpu, Cuda };

/// True when LibTorch has CUDA and sees a GPU.
bool cuda_available();

}  // namespace facemorph
