#pragma once

#include "checkpoint/formats/shared_values.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace facemorph {

enum class DType { Float16, BFloat16, Float32, Float64, UInt8, Int8, Int16, Int32, Int64, Bool };

/// Bytes of one element.
std::size_t dtype_size(DType dtype);
/// "float16", "bfloat16", … as PyTorch prints them.
std::string_view dtype_name(DType dtype);

/// A dense tensor: contiguous, row-major, little-endian. Torch-free.
struct Tensor {
  DType dtype = DType::Float32;
  std::vector<std::int64_t> shape;  ///< empty for a scalar
  SharedValues<std::byte> bytes;    ///< numel * dtype_size

  std::int64_t numel() const;
  bool operator==(const Tensor&) const = default;
};

/// Values as float32, rounding float64 to nearest; integers are converted.
std::vector<float> to_floats(const Tensor& tensor);
/// A float32 tensor. Requires values.size() == product of shape.
Tensor from_floats(const std::vector<float>& values, std::vector<std::int64_t> shape);
/// Same values in another floating type, round to nearest even. Integer tensors are returned as is.
Tensor convert_floats(const Tensor& tensor, DType to);
/// "[100, 512, 4, 4]", for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

struct NamedTensor {
  std::string name;
  Tensor tensor;
  bool operator==(const NamedTensor&) const = default;
};

/// Named tensors in file order: what every container is read into and written from.
/// Names are unique.
class TensorTable {
 public:
  /// Replaces a tensor of the same name.
  void set(std::string name, Tensor tensor);
  const Tensor* find(std::string_view name) const;
  const std::vector<NamedTensor>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  bool operator==(const TensorTable&) const = default;

 private:
  std::vector<NamedTensor> entries_;
};

}  // namespace facemorph
