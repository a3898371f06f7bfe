#ifdef __AVX2__
#define FACEMORPH_LANES 8
#include "cpu/kernel_tile.hpp"

namespace facemorph {
namespace {

constexpr Kernels kKernels = make_kernels<10, 6, 0, 0>("AVX2");

}  // namespace

const Kernels* const kAvx2Kernels = &kKernels;

}  // namespace facemorph
#else
#include "cpu/kernels.hpp"
const facemorph::Kernels* const facemorph::kAvx2Kernels = nullptr;
#endif
