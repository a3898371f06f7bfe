#ifdef __AVX512F__
#define FACEMORPH_LANES 16
#include "cpu/kernel_tile.hpp"

namespace facemorph {
namespace {

void multiply_any(const KernelTile& tile) {
  switch (tile.vectors) {
    case 1:
      return multiply_rows<12, 1>(tile);
    case 2:
      return multiply_rows<8, 2>(tile);
    case 3:
      return multiply_rows<8, 3>(tile);
    default:
      return multiply_rows<6, 4>(tile);
  }
}

constexpr Kernels kKernels = {"AVX-512", kLanes, 4, {0, 12, 8, 8, 6}, false, multiply_any};

}  // namespace

const Kernels* const kAvx512Kernels = &kKernels;

}  // namespace facemorph
#else
#include "cpu/kernels.hpp"
const facemorph::Kernels* const facemorph::kAvx512Kernels = nullptr;
#endif
