#ifdef __AVX512F__
#define FACEMORPH_LANES 16
#include "cpu/kernel_tile.hpp"

namespace facemorph {
namespace {

constexpr Kernels kKernels = make_kernels<12, 8, 8, 6>("AVX-512");

}  // namespace

const Kernels* const kAvx512Kernels = &kKernels;

}  // namespace facemorph
#else
#include "cpu/kernels.hpp"
const facemorph::Kernels* const facemorph::kAvx512Kernels = nullptr;
#endif
