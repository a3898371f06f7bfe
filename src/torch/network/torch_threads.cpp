#include "torch/network/torch_threads.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>

namespace facemorph {
namespace {

/// OpenBLAS keeps a pool of its own, which LibTorch does not govern. False when another BLAS is
/// linked, which follows LibTorch's setting.
bool set_openblas_threads(int count) {
  using SetThreads = void (*)(int);
  static const auto set_threads =
      reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set_threads != nullptr) set_threads(count);
  return set_threads != nullptr;
}

void set_openmp_threads(int count) {
  if (at::get_num_threads() != count) at::set_num_threads(count);
}

}  // namespace

// Beside OpenBLAS's pool LibTorch's OpenMP threads only get in the way (measured on 2 cores, batch
// 1: 2.3 ms a face with the pool alone, 3.4 with both).
void use_threads(int count) {
  set_openmp_threads(set_openblas_threads(count) ? 1 : count);
}

// Measured on 2 cores, batch 64: 101 images a second with both, 91 without OpenBLAS's, 52 without
// OpenMP's.
void use_training_threads(int count) {
  set_openblas_threads(count);
  set_openmp_threads(count);
}

void use_one_thread() {
  set_openmp_threads(1);
}

}  // namespace facemorph
