#pragma once

#include "checkpoint/formats/tensor.hpp"

#include <array>
#include <utility>

namespace facemorph {

/// Names of element types in safetensors headers.
inline constexpr std::array<std::pair<std::string_view, DType>, 10> kSafetensorsTypes = {{
    {"F16", DType::Float16},
    {"BF16", DType::BFloat16},
    {"F32", DType::Float32},
    {"F64", DType::Float64},
    {"U8", DType::UInt8},
    {"I8", DType::Int8},
    {"I16", DType::Int16},
    {"I32", DType::Int32},
    {"I64", DType::Int64},
    {"BOOL", DType::Bool},
}};

}  // namespace facemorph
