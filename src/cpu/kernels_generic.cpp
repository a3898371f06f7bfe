// For every processor: vectors of four, which SSE2 and NEON have.
#define FACEMORPH_LANES 4
#include "cpu/kernel_tile.hpp"

namespace facemorph {
namespace {

void multiply_any(const KernelTile& tile) {
  switch (tile.vectors) {
    case 1:
      return multiply_rows<8, 1>(tile);
    case 2:
      return multiply_rows<6, 2>(tile);
    default:
      return multiply_rows<3, 3>(tile);
  }
}

constexpr Kernels kKernels = {"generic", kLanes, 3, {0, 8, 6, 3, 0}, false, multiply_any};

}  // namespace

const Kernels* const kGenericKernels = &kKernels;

}  // namespace facemorph
