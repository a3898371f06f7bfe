// For every processor: vectors of four, which SSE2 and NEON have.
#define FACEMORPH_LANES 4
#include "cpu/kernel_tile.hpp"

namespace facemorph {
namespace {

constexpr Kernels kKernels = make_kernels<8, 6, 3, 0>("generic");

}  // namespace

const Kernels* const kGenericKernels = &kKernels;

}  // namespace facemorph
