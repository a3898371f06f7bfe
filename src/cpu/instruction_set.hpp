#pragma once

#include "cpu/kernels.hpp"
#include "cpu/number_format.hpp"

#include <vector>

namespace facemorph {

/// The kernels of this processor, the fastest first; those of all processors come last.
/// FACEMORPH_MAX_ISA (generic, avx2, avx512, avx512bf16) in the environment leaves faster ones out;
/// throws Error when it is something else.
std::vector<const Kernels*> available_kernels();

/// The fastest that compute in this format; null where there are none.
const Kernels* best_kernels(NumberFormat format);

}  // namespace facemorph
