#include "model/torch_threads.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>

namespace facemorph {

// OpenBLAS keeps a pool of its own, which LibTorch does not govern; beside it LibTorch's OpenMP
// threads only get in the way (measured on 2 cores: 2.3 ms a face with the pool alone, 3.4 with
// both). Other BLAS libraries follow LibTorch's setting.
void use_threads(int count) {
  using SetThreads = void (*)(int);
  static const auto set_openblas =
      reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set_openblas != nullptr) set_openblas(count);
  const int own = set_openblas != nullptr ? 1 : count;
  if (at::get_num_threads() != own) at::set_num_threads(own);
}

}  // namespace facemorph
