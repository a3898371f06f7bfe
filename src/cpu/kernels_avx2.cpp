#ifdef __AVX2__
#define FACEMORPH_LANES 8
#include "cpu/kernel_tile.hpp"

namespace facemorph {
namespace {

void multiply_any(const KernelTile& tile) {
  if (tile.vectors == 1)
    multiply_rows<10, 1>(tile);
  else
    multiply_rows<6, 2>(tile);
}

constexpr Kernels kKernels = {"AVX2", kLanes, 2, {0, 10, 6, 0, 0}, false, multiply_any};

}  // namespace

const Kernels* const kAvx2Kernels = &kKernels;

}  // namespace facemorph
#else
#include "cpu/kernels.hpp"
const facemorph::Kernels* const facemorph::kAvx2Kernels = nullptr;
#endif
