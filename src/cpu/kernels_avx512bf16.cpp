#ifdef __AVX512BF16__
#define FACEMORPH_LANES 16
#define FACEMORPH_BF16
#include "cpu/kernel_tile.hpp"

namespace facemorph {
namespace {

constexpr Kernels kKernels = make_kernels<12, 8, 8, 6>("AVX-512, bfloat16");

}  // namespace

const Kernels* const kAvx512Bf16Kernels = &kKernels;

}  // namespace facemorph
#else
#include "cpu/kernels.hpp"
const facemorph::Kernels* const facemorph::kAvx512Bf16Kernels = nullptr;
#endif
