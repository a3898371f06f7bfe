#include "checkpoint/onnx/onnx_builder.hpp"

#include "base/error.hpp"

#include <bit>

namespace facemorph::onnx {
namespace {

using protobuf::Writer;

static_assert(std::endian::native == std::endian::little, "raw data is written as it stands");

constexpr int kFloat = 1;  // TensorProto.DataType
constexpr int kInt64 = 7;

Writer attribute(const Setting& setting) {
  constexpr std::uint32_t kType = 20;  // AttributeProto.AttributeType
  Writer writer;
  writer.text(1, setting.name);
  if (const auto* real = std::get_if<float>(&setting.value)) {
    writer.fixed32(2, *real);
    writer.varint(kType, 1);
  } else if (const auto* integer = std::get_if<std::int64_t>(&setting.value)) {
    writer.varint(3, static_cast<std::uint64_t>(*integer));
    writer.varint(kType, 2);
  } else if (const auto* text = std::get_if<const char*>(&setting.value)) {
    writer.text(4, *text);
    writer.varint(kType, 3);
  } else {
    for (const std::int64_t value : std::get<std::vector<std::int64_t>>(setting.value))
      writer.varint(8, static_cast<std::uint64_t>(value));
    writer.varint(kType, 7);
  }
  return writer;
}

Writer value_info(const std::string& name, const std::vector<std::int64_t>& dims) {
  Writer shape;
  for (const std::int64_t side : dims) {
    Writer written;
    if (side < 0)
      written.text(2, "N");
    else
      written.varint(1, static_cast<std::uint64_t>(side));
    shape.message(1, written);
  }
  Writer tensor;
  tensor.varint(1, kFloat);
  tensor.message(2, shape);
  Writer type;
  type.message(1, tensor);
  Writer info;
  info.text(1, name);
  info.message(2, type);
  return info;
}

}  // namespace

Builder::Builder(const std::string& input, const std::vector<std::int64_t>& dims) {
  graph_.text(2, "generator");
  graph_.message(11, value_info(input, dims));
}

std::string Builder::node(const char* op, const std::vector<std::string>& inputs,
                          const std::vector<Setting>& settings) {
  std::string name = prefix_ + "." + op + "." + std::to_string(nodes_++);
  Writer node;
  for (const std::string& input : inputs)
    node.text(1, input);
  node.text(2, name);
  node.text(3, name);
  node.text(4, op);
  for (const Setting& setting : settings)
    node.message(5, attribute(setting));
  graph_.message(1, node);
  return name;
}

std::string Builder::constant(const char* leaf, std::span<const std::byte> bytes, int type,
                              const std::vector<std::int64_t>& dims) {
  constexpr std::size_t kMost = (std::size_t{1} << 31U) - (std::size_t{1} << 24U);
  size_ += bytes.size();
  if (size_ > kMost)
    throw Error("this network is too large for an ONNX file, which holds up to 2 GiB.");
  std::string name = prefix_ + "." + leaf;
  Writer tensor;
  for (const std::int64_t side : dims)
    tensor.varint(1, static_cast<std::uint64_t>(side));
  tensor.varint(2, static_cast<std::uint64_t>(type));
  tensor.text(8, name);
  tensor.bytes(9, bytes);
  graph_.message(5, tensor);
  return name;
}

std::string Builder::floats(const char* leaf, std::span<const float> values,
                            const std::vector<std::int64_t>& dims) {
  return constant(leaf, std::as_bytes(values), kFloat, dims);
}

std::string Builder::integers(const char* leaf, const std::vector<std::int64_t>& values) {
  return constant(leaf, std::as_bytes(std::span(values)), kInt64,
                  {static_cast<std::int64_t>(values.size())});
}

std::vector<std::byte> Builder::finish(const std::string& result, const std::string& output,
                                       const std::vector<std::int64_t>& dims) {
  Writer identity;
  identity.text(1, result);
  identity.text(2, output);
  identity.text(4, "Identity");
  graph_.message(1, identity);
  graph_.message(12, value_info(output, dims));
  Writer operators;
  operators.text(1, "");
  operators.varint(2, 13);
  Writer model;
  model.varint(1, 7);  // the format version that came with opset 13
  model.text(2, "facemorph");
  model.message(7, graph_);
  model.message(8, operators);
  return model.finish();
}

}  // namespace facemorph::onnx
