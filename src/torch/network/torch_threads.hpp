#pragma once

namespace facemorph {

/// CPU threads for LibTorch on the calling thread. OpenMP keeps its count per thread, so every
/// thread that runs a network says it for itself. Settings for a network that makes pictures, a few
/// at a time.
void use_threads(int count);

/// The same for training, where batches are large and most of the work is oneDNN's.
void use_training_threads(int count);

/// For work beside a training thread: leaves OpenBLAS's pool as that thread set it.
void use_one_thread();

}  // namespace facemorph
