#pragma once

#include "checkpoint/onnx/protobuf.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace facemorph::onnx {

/// A setting of a node to be written.
struct Setting {
  const char* name;
  std::variant<std::int64_t, float, const char*, std::vector<std::int64_t>> value;
};

/// Puts an ONNX model together, node by node.
class Builder {
 public:
  /// Sides below 0 are written as "N".
  Builder(const std::string& input, const std::vector<std::int64_t>& dims);

  /// Names of what follows begin with it: "layers.3".
  void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }

  /// Appends a node, and gives the name of its result.
  std::string node(const char* op, const std::vector<std::string>& inputs,
                   const std::vector<Setting>& settings = {});
  /// Stores constants, and gives their name: the prefix and `leaf`, which is unique under it.
  std::string floats(const char* leaf, std::span<const float> values,
                     const std::vector<std::int64_t>& dims);
  std::string number(const char* leaf, float value) { return floats(leaf, {&value, 1}, {}); }
  std::string integers(const char* leaf, const std::vector<std::int64_t>& values);

  /// The model's bytes; `result` becomes the output. Throws Error beyond 2 GiB, which ONNX files
  /// cannot be.
  std::vector<std::byte> finish(const std::string& result, const std::string& output,
                                const std::vector<std::int64_t>& dims);

 private:
  std::string constant(const char* leaf, std::span<const std::byte> bytes, int type,
                       const std::vector<std::int64_t>& dims);

  std::string prefix_;
  int nodes_ = 0;
  std::size_t size_ = 0;
  protobuf::Writer graph_;
};

}  // namespace facemorph::onnx
