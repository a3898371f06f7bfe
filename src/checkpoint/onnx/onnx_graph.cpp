#include "checkpoint/onnx/onnx_graph.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"
#include "checkpoint/onnx/protobuf.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_set>

namespace facemorph::onnx {
namespace {

using protobuf::Field;
using protobuf::Reader;
using protobuf::Wire;

constexpr std::size_t kMostNodes = 20'000;
constexpr std::size_t kMostConstants = 5'000;
constexpr std::size_t kMostOfANode = 64;  // inputs, outputs, numbers of an attribute
constexpr std::size_t kMostAttributes = 16;

[[noreturn]] void damaged(const std::string& what) {
  throw Error("this ONNX file is damaged (" + what + "). Fetch or export it again.");
}

template <typename T>
void append(std::vector<T>& values, T value, std::size_t most = kMostOfANode) {
  if (values.size() >= most) damaged("a list in it is far too long");
  values.push_back(std::move(value));
}

/// One number, or many in a packed field.
void append_integers(std::vector<std::int64_t>& values, const Field& field,
                     std::size_t most = kMostOfANode) {
  if (field.wire == Wire::Varint)
    return append(values, static_cast<std::int64_t>(field.value), most);
  for (Reader reader(field.bytes); !reader.at_end();)
    append(values, static_cast<std::int64_t>(reader.varint()), most);
}

float float_of(std::span<const std::byte> bytes) {
  float value = 0;
  if (bytes.size() != sizeof value) damaged("a number has the wrong size");
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

void append_floats(std::vector<float>& values, const Field& field) {
  if (field.bytes.size() % sizeof(float) != 0) damaged("a number has the wrong size");
  for (std::size_t at = 0; at < field.bytes.size(); at += sizeof(float))
    append(values, float_of(field.bytes.subspan(at, sizeof(float))));
}

DType dtype_of(std::uint64_t type, std::string_view name) {
  switch (type) {  // TensorProto.DataType
    case 1:
      return DType::Float32;
    case 2:
      return DType::UInt8;
    case 3:
      return DType::Int8;
    case 6:
      return DType::Int32;
    case 7:
      return DType::Int64;
    case 9:
      return DType::Bool;
    case 10:
      return DType::Float16;
    case 11:
      return DType::Float64;
    case 16:
      return DType::BFloat16;
    default:
      throw Error("'" + printable(name) + "' holds numbers of a type (" + std::to_string(type) +
                  ") that no generator's weights have. Export it with float32 weights.");
  }
}

/// Most files have a tensor's data in one piece, which is not copied.
void append_data(Tensor& tensor, std::span<const std::byte> piece) {
  if (tensor.view.empty()) {
    tensor.view = piece;
    return;
  }
  if (tensor.own.empty()) tensor.own.assign(tensor.view.begin(), tensor.view.end());
  tensor.own.insert(tensor.own.end(), piece.begin(), piece.end());
}

/// The elements must be there: nothing is believed of the shape alone.
void check_size(const Tensor& tensor) {
  std::uint64_t elements = 1;
  for (const std::int64_t side : tensor.dims) {
    if (side < 0 || side > (std::int64_t{1} << 31U))
      damaged("'" + printable(tensor.name) + "' has an impossible shape");
    elements *= static_cast<std::uint64_t>(side);
    if (elements > (std::uint64_t{1} << 31U))
      damaged("'" + printable(tensor.name) + "' is far too large");
  }
  const std::size_t size = dtype_size(tensor.dtype);
  const bool fits = tensor.ints.empty() ? tensor.data().size() == elements * size
                                        : tensor.ints.size() == elements;
  if (!fits) damaged("'" + printable(tensor.name) + "' has another size than its shape says");
}

bool is_float(DType dtype) {
  return dtype == DType::Float32 || dtype == DType::Float64 || dtype == DType::Float16 ||
         dtype == DType::BFloat16;
}

Tensor parse_tensor(std::span<const std::byte> bytes) {
  Tensor tensor;
  std::uint64_t type = 0;
  bool external = false;
  Reader reader(bytes);
  for (Field field; reader.next(field);) {
    if (field.number == 1) append_integers(tensor.dims, field, 8);
    if (field.number == 2) type = field.value;
    if (field.number == 8) tensor.name = field.text();
    if (field.number == 4 || field.number == 9 || field.number == 10)
      append_data(tensor, field.bytes);
    if (field.number == 5 || field.number == 7) append_integers(tensor.ints, field, kFewNumbers);
    if (field.number == 13 || (field.number == 14 && field.value != 0)) external = true;
  }
  if (external)
    throw Error("this ONNX file keeps '" + printable(tensor.name) +
                "' in another file (external data). Save the model in one file: "
                "onnx.save(model, \"generator.onnx\", save_as_external_data=False)");
  tensor.dtype = dtype_of(type, tensor.name);
  if (is_float(tensor.dtype) && !tensor.ints.empty())
    throw Error("'" + printable(tensor.name) +
                "' keeps half precision in an unusual way. Export it with float32 weights.");
  check_size(tensor);
  return tensor;
}

Attribute parse_attribute(std::span<const std::byte> bytes) {
  Attribute attribute;
  Reader reader(bytes);
  for (Field field; reader.next(field);) {
    if (field.number == 1) attribute.name = field.text();
    if (field.number == 2) attribute.f = float_of(field.bytes);
    if (field.number == 3) attribute.i = static_cast<std::int64_t>(field.value);
    if (field.number == 4) attribute.s = field.text();
    if (field.number == 5) attribute.t = std::make_unique<Tensor>(parse_tensor(field.bytes));
    if (field.number == 7) append_floats(attribute.floats, field);
    if (field.number == 8) append_integers(attribute.ints, field);
  }
  return attribute;
}

Node parse_node(std::span<const std::byte> bytes) {
  Node node;
  Reader reader(bytes);
  for (Field field; reader.next(field);) {
    if (field.number == 1) append(node.inputs, field.text());
    if (field.number == 2) append(node.outputs, field.text());
    if (field.number == 3) node.name = field.text();
    if (field.number == 4) node.op = field.text();
    if (field.number == 5) append(node.attributes, parse_attribute(field.bytes), kMostAttributes);
    if (field.number == 7) node.domain = field.text();
  }
  return node;
}

/// A field within fields: of ValueInfoProto, the shape is type (2), tensor_type (1), shape (2).
std::span<const std::byte> inner(std::span<const std::byte> message, std::uint32_t number) {
  Reader reader(message);
  for (Field field; reader.next(field);)
    if (field.number == number && field.wire == Wire::Bytes) return field.bytes;
  return {};
}

ValueInfo parse_value_info(std::span<const std::byte> bytes) {
  ValueInfo info;
  const auto name = inner(bytes, 1);
  info.name = {reinterpret_cast<const char*>(name.data()), name.size()};
  Reader reader(inner(inner(inner(bytes, 2), 1), 2));
  for (Field side; reader.next(side);) {
    if (side.number != 1) continue;
    std::int64_t value = -1;
    Reader parts(side.bytes);
    for (Field part; parts.next(part);)
      if (part.number == 1) value = static_cast<std::int64_t>(part.value);
    append(info.dims, value > 0 ? value : -1);
  }
  return info;
}

Graph parse_graph(std::span<const std::byte> bytes) {
  Graph graph;
  Reader reader(bytes);
  for (Field field; reader.next(field);) {
    if (field.number == 1) append(graph.nodes, parse_node(field.bytes), kMostNodes);
    if (field.number == 5) append(graph.constants, parse_tensor(field.bytes), kMostConstants);
    if (field.number == 11) append(graph.inputs, parse_value_info(field.bytes), kMostConstants);
    if (field.number == 12) append(graph.outputs, parse_value_info(field.bytes));
    if (field.number == 15) throw Error("this ONNX file has sparse weights. Export dense ones.");
  }
  // Before version 4 of the format, constants were inputs too.
  std::unordered_set<std::string_view> constants;
  for (const Tensor& constant : graph.constants)
    constants.insert(constant.name);
  std::erase_if(graph.inputs, [&](const ValueInfo& info) { return constants.contains(info.name); });
  return graph;
}

}  // namespace

std::int64_t Tensor::numel() const {
  std::int64_t count = 1;
  for (const std::int64_t side : dims)
    count *= side;
  return count;
}

std::vector<float> Tensor::floats() const {
  if (!ints.empty()) return {ints.begin(), ints.end()};
  return to_floats({dtype, dims, std::vector<std::byte>(data().begin(), data().end())});
}

std::vector<double> Tensor::numbers() const {
  if (!ints.empty()) return {ints.begin(), ints.end()};
  if (dtype == DType::Int64) {  // float32 does not hold every whole number
    std::vector<double> values;
    for (std::size_t at = 0; at < data().size(); at += sizeof(std::int64_t)) {
      std::int64_t value = 0;
      std::memcpy(&value, data().data() + at, sizeof value);
      values.push_back(static_cast<double>(value));
    }
    return values;
  }
  const std::vector<float> values = floats();
  return {values.begin(), values.end()};
}

const Attribute* Node::find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::int64_t Node::integer(std::string_view attribute, std::int64_t otherwise) const {
  const Attribute* found = find(attribute);
  return found == nullptr ? otherwise : found->i;
}

float Node::real(std::string_view attribute, float otherwise) const {
  const Attribute* found = find(attribute);
  return found == nullptr ? otherwise : found->f;
}

std::string_view Node::text(std::string_view attribute, std::string_view otherwise) const {
  const Attribute* found = find(attribute);
  return found == nullptr ? otherwise : found->s;
}

std::vector<std::int64_t> Node::integers(std::string_view attribute,
                                         const std::vector<std::int64_t>& otherwise) const {
  const Attribute* found = find(attribute);
  return found == nullptr ? otherwise : found->ints;
}

Graph parse(std::span<const std::byte> bytes) {
  std::optional<Graph> graph;
  Reader reader(bytes);
  for (Field field; reader.next(field);)
    if (field.number == 7 && field.wire == Wire::Bytes) {
      if (graph) damaged("it has two graphs");
      graph = parse_graph(field.bytes);
    }
  if (!graph || graph->nodes.empty()) throw Error("this ONNX file has no network in it.");
  return *std::move(graph);
}

std::string describe(const Node& node) {
  const std::string_view name =
      node.name.empty() && !node.outputs.empty() ? node.outputs.front() : node.name;
  return "'" + printable(name) + "' (" + printable(node.op) + ")";
}

}  // namespace facemorph::onnx
