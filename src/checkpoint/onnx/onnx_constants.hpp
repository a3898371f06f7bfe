#pragma once

#include "checkpoint/onnx/onnx_graph.hpp"

#include <optional>

namespace facemorph::onnx {

/// A value that is known before the graph runs: weights of the file under some shape, or a few
/// numbers that were computed. A number that depends on how many latents there are is not a number
/// (NaN): exporters compute shapes such as [batch, 512, 4, 4].
struct Constant {
  std::vector<std::int64_t> dims;
  const Tensor* tensor = nullptr;  ///< of the file; null for computed ones
  std::vector<double> values;      ///< of computed ones, at most kFewNumbers
  bool transposed = false;         ///< weights [a, b] that the file has as [b, a]

  std::int64_t numel() const;
  /// The numbers of shapes and the like. Throws Error when there are more than kFewNumbers.
  std::vector<double> numbers() const;
  std::vector<float> floats() const;
};

/// A number that must be known and whole; those beyond int64 become its ends, roughly: slices "to
/// the end" are written so. Throws Error.
std::int64_t whole(double value);

/// [rows, columns] to [columns, rows].
std::vector<float> transposed(const std::vector<float>& values, std::size_t rows,
                              std::size_t columns);

Constant constant_of(const Tensor& tensor);
/// A list of numbers [n].
Constant constant_of(std::vector<double> values);

/// What a node makes of constants: the operators with which exporters compute shapes. `inputs` are
/// null where the node has none. Nothing when this is no such operator. Throws Error for what
/// cannot be computed.
std::optional<Constant> fold(const Node& node, const std::vector<const Constant*>& inputs);

/// Where a negative axis counts from the end. Throws Error when there is no such axis.
std::size_t checked_axis(std::int64_t axis, std::size_t rank);

/// The axes of Squeeze and Unsqueeze: an attribute, or an input since opset 13.
std::vector<std::int64_t> axes_of(const Node& node, const Constant* input);

/// Shapes with sides of one added or removed; no axes means all sides of one.
std::vector<std::int64_t> unsqueezed(std::vector<std::int64_t> dims,
                                     const std::vector<std::int64_t>& axes);
std::vector<std::int64_t> squeezed(const std::vector<std::int64_t>& dims,
                                   const std::vector<std::int64_t>& axes);

}  // namespace facemorph::onnx
