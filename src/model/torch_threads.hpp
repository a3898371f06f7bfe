#pragma once

namespace facemorph {

/// CPU threads for LibTorch on the calling thread. OpenMP keeps its count per thread, so every
/// thread that runs a network says it for itself.
void use_threads(int count);

}  // namespace facemorph
