#pragma once

#include <string_view>

namespace facemorph {

/// What numbers a network computes in.
enum class NumberFormat { Float32, BFloat16 };
std::string_view name_of(NumberFormat format);  ///< "fp32", "bf16"

}  // namespace facemorph
