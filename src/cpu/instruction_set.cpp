#include "cpu/instruction_set.hpp"

#include "base/error.hpp"

#include <array>
#include <cstdlib>
#include <string>

namespace facemorph {
namespace {

struct Choice {
  std::string_view name;
  const Kernels* kernels;
  bool supported;
};

/// The slowest first.
std::array<Choice, 4> choices() {
#if defined(__x86_64__) || defined(__i386__)
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") != 0;
  const bool bf16 = avx512 && __builtin_cpu_supports("avx512bf16") != 0;
#else
  const bool avx2 = false;
  const bool avx512 = false;
  const bool bf16 = false;
#endif
  return {{{"generic", kGenericKernels, true},
           {"avx2", kAvx2Kernels, avx2},
           {"avx512", kAvx512Kernels, avx512},
           {"avx512bf16", kAvx512Bf16Kernels, bf16}}};
}

}  // namespace

std::string_view name_of(NumberFormat format) {
  return format == NumberFormat::Float32 ? "fp32" : "bf16";
}

std::vector<const Kernels*> available_kernels() {
  const char* most = std::getenv("FACEMORPH_MAX_ISA");
  std::vector<const Kernels*> result;
  for (const Choice& choice : choices()) {
    if (choice.supported && choice.kernels != nullptr)
      result.insert(result.begin(), choice.kernels);
    if (most != nullptr && choice.name == most) return result;
  }
  if (most != nullptr && *most != '\0')
    throw Error(std::string("FACEMORPH_MAX_ISA is '") + most +
                "': choose generic, avx2, avx512 or avx512bf16.");
  return result;
}

const Kernels* best_kernels(NumberFormat format) {
  for (const Kernels* kernels : available_kernels())
    if (kernels->bfloat16 == (format == NumberFormat::BFloat16)) return kernels;
  return nullptr;
}

}  // namespace facemorph
