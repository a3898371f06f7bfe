#ifdef __AVX512BF16__
#define FACEMORPH_LANES 16
#define FACEMORPH_BF16
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

constexpr Kernels kKernels = {"AVX-512, bfloat16", kLanes, 4, {0, 12, 8, 8, 6}, true, multiply_any};

}  // namespace

const Kernels* const kAvx512Bf16Kernels = &kKernels;

}  // namespace facemorph
#else
#include "cpu/kernels.hpp"
const facemorph::Kernels* const facemorph::kAvx512Bf16Kernels = nullptr;
#endif
