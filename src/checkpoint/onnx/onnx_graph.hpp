#pragma once

#include "checkpoint/formats/tensor.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// An ONNX file as it stands: views into its bytes, which must outlive it.
namespace facemorph::onnx {

/// A constant of the file.
struct Tensor {
  std::string_view name;
  std::vector<std::int64_t> dims;  ///< as many elements as there are, once checked
  DType dtype = DType::Float32;
  std::span<const std::byte> view;  ///< little-endian elements in the file, or …
  std::vector<std::byte> own;       ///< … put together here, when the file has pieces, or …
  std::vector<std::int64_t> ints;   ///< … a few whole numbers, which the file packs

  std::span<const std::byte> data() const { return own.empty() ? view : own; }
  std::int64_t numel() const;
  /// All elements, in floats.
  std::vector<float> floats() const;
  /// All elements, for those of few. Requires numel() <= kFewNumbers.
  std::vector<double> numbers() const;
};

/// Shapes, scales and the like are no longer.
inline constexpr std::size_t kFewNumbers = 64;

struct Attribute {
  std::string_view name;
  float f = 0;
  std::int64_t i = 0;
  std::string_view s;
  std::vector<float> floats;
  std::vector<std::int64_t> ints;
  std::unique_ptr<Tensor> t;
};

struct Node {
  std::string_view op;
  std::string_view name;
  std::string_view domain;
  std::vector<std::string_view> inputs;  ///< "" for one that is left out
  std::vector<std::string_view> outputs;
  std::vector<Attribute> attributes;

  const Attribute* find(std::string_view attribute) const;
  std::int64_t integer(std::string_view attribute, std::int64_t otherwise) const;
  float real(std::string_view attribute, float otherwise) const;
  std::string_view text(std::string_view attribute, std::string_view otherwise) const;
  std::vector<std::int64_t> integers(std::string_view attribute,
                                     const std::vector<std::int64_t>& otherwise = {}) const;
  /// Whether there is an i-th input.
  bool has_input(std::size_t i) const { return i < inputs.size() && !inputs[i].empty(); }
};

/// An input or output; sides that the file leaves open are -1.
struct ValueInfo {
  std::string_view name;
  std::vector<std::int64_t> dims;
};

struct Graph {
  std::vector<Node> nodes;  ///< in the order in which they can run
  std::vector<Tensor> constants;
  std::vector<ValueInfo> inputs;  ///< without those that are constants
  std::vector<ValueInfo> outputs;
};

/// Parses a file. Time and memory grow with its size only. Throws Error.
Graph parse(std::span<const std::byte> bytes);

/// A node for messages: "'main.3/Conv' (Conv)".
std::string describe(const Node& node);

}  // namespace facemorph::onnx
