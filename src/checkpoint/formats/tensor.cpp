#include "checkpoint/formats/tensor.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <span>

namespace facemorph {
namespace {

struct TypeFacts {
  std::size_t size;
  std::string_view name;
};

TypeFacts facts(DType dtype) {
  switch (dtype) {
    case DType::Float16:
      return {2, "float16"};
    case DType::BFloat16:
      return {2, "bfloat16"};
    case DType::Float32:
      return {4, "float32"};
    case DType::Float64:
      return {8, "float64"};
    case DType::UInt8:
      return {1, "uint8"};
    case DType::Int8:
      return {1, "int8"};
    case DType::Int16:
      return {2, "int16"};
    case DType::Int32:
      return {4, "int32"};
    case DType::Int64:
      return {8, "int64"};
    case DType::Bool:
      return {1, "bool"};
  }
  return {1, "unknown"};
}

bool is_float(DType dtype) {
  return dtype == DType::Float16 || dtype == DType::BFloat16 || dtype == DType::Float32 ||
         dtype == DType::Float64;
}

float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
  const std::uint32_t exponent = (half >> 10U) & 0x1FU;
  const std::uint32_t mantissa = half & 0x3FFU;
  if (exponent == 0) {  // zero or subnormal: exact in float
    const float value = std::ldexp(static_cast<float>(mantissa), -24);
    return sign != 0 ? -value : value;
  }
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000U | (mantissa << 13U));
  return std::bit_cast<float>(sign | ((exponent + 112U) << 23U) | (mantissa << 13U));
}

/// Round to nearest, ties to even.
std::uint16_t float_to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7E00U);
  const float magnitude = std::fabs(value);
  if (magnitude >= 65520.0F) return static_cast<std::uint16_t>(sign | 0x7C00U);
  if (magnitude < 6.103515625e-5F) {  // subnormal: a multiple of 2^-24
    const auto steps = static_cast<std::uint16_t>(std::nearbyint(std::ldexp(magnitude, 24)));
    return static_cast<std::uint16_t>(sign | steps);
  }
  const std::uint32_t rebased = (bits & 0x7FFFFFFFU) - (112U << 23U);
  const std::uint32_t rounded = rebased + 0xFFFU + ((rebased >> 13U) & 1U);
  return static_cast<std::uint16_t>(sign | (rounded >> 13U));
}

std::uint16_t float_to_bfloat(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>((bits >> 16U) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

/// Rounds to odd, so that rounding the result once more, to fewer digits, is as if `value` had been
/// rounded once (Boldo and Melquiond 2008).
float double_to_odd_float(double value) {
  const auto nearest = static_cast<float>(value);
  if (std::isnan(value) || std::isinf(nearest) || static_cast<double>(nearest) == value)
    return nearest;
  const bool odd = (std::bit_cast<std::uint32_t>(nearest) & 1U) != 0;
  if (odd) return nearest;
  return std::nextafter(nearest, static_cast<double>(nearest) < value
                                     ? std::numeric_limits<float>::infinity()
                                     : -std::numeric_limits<float>::infinity());
}

template <typename T, typename Convert>
void read_as(const Tensor& tensor, std::vector<float>& values, Convert convert) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    T element;
    std::memcpy(&element, tensor.bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = convert(element);
  }
}

template <typename T>
void read_plain(const Tensor& tensor, std::vector<float>& values) {
  read_as<T>(tensor, values, [](T element) { return static_cast<float>(element); });
}

template <typename T, typename Convert>
std::vector<std::byte> written_as(const std::vector<float>& values, Convert convert) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const T element = convert(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &element, sizeof(T));
  }
  return bytes;
}

}  // namespace

std::size_t dtype_size(DType dtype) {
  return facts(dtype).size;
}
std::string_view dtype_name(DType dtype) {
  return facts(dtype).name;
}

std::int64_t Tensor::numel() const {
  std::int64_t count = 1;
  for (const std::int64_t side : shape)
    count *= side;
  return count;
}

std::vector<float> to_floats(const Tensor& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.numel()));
  assert(tensor.bytes.size() == values.size() * dtype_size(tensor.dtype));
  switch (tensor.dtype) {
    case DType::Float16:
      read_as<std::uint16_t>(tensor, values, half_to_float);
      break;
    case DType::BFloat16:
      read_as<std::uint16_t>(tensor, values, [](std::uint16_t b) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(b) << 16U);
      });
      break;
    case DType::Float32:
      read_plain<float>(tensor, values);
      break;
    case DType::Float64:
      read_plain<double>(tensor, values);
      break;
    case DType::UInt8:
    case DType::Bool:
      read_plain<std::uint8_t>(tensor, values);
      break;
    case DType::Int8:
      read_plain<std::int8_t>(tensor, values);
      break;
    case DType::Int16:
      read_plain<std::int16_t>(tensor, values);
      break;
    case DType::Int32:
      read_plain<std::int32_t>(tensor, values);
      break;
    case DType::Int64:
      read_plain<std::int64_t>(tensor, values);
      break;
  }
  return values;
}

Tensor from_floats(const std::vector<float>& values, std::vector<std::int64_t> shape) {
  const auto bytes = std::as_bytes(std::span(values));
  Tensor tensor{DType::Float32, std::move(shape),
                std::vector<std::byte>(bytes.begin(), bytes.end())};
  assert(tensor.numel() == static_cast<std::int64_t>(values.size()));
  return tensor;
}

Tensor convert_floats(const Tensor& tensor, DType to) {
  if (!is_float(tensor.dtype) || tensor.dtype == to) return tensor;
  assert(is_float(to));
  std::vector<float> values(static_cast<std::size_t>(tensor.numel()));
  if (tensor.dtype == DType::Float64 && dtype_size(to) == 2)
    read_as<double>(tensor, values, double_to_odd_float);
  else
    values = to_floats(tensor);
  if (to == DType::Float16)
    return {to, tensor.shape, written_as<std::uint16_t>(values, float_to_half)};
  if (to == DType::BFloat16)
    return {to, tensor.shape, written_as<std::uint16_t>(values, float_to_bfloat)};
  if (to == DType::Float64) return {to, tensor.shape, written_as<double>(values, std::identity{})};
  return from_floats(values, tensor.shape);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

void TensorTable::set(std::string name, Tensor tensor) {
  const auto found = std::ranges::find(entries_, name, &NamedTensor::name);
  if (found != entries_.end())
    found->tensor = std::move(tensor);
  else
    entries_.push_back({std::move(name), std::move(tensor)});
}

const Tensor* TensorTable::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &NamedTensor::name);
  return found == entries_.end() ? nullptr : &found->tensor;
}

}  // namespace facemorph
