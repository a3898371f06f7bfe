#include "checkpoint/onnx/onnx_reader.hpp"

#include "base/error.hpp"
#include "checkpoint/formats/readers.hpp"
#include "checkpoint/generator/names.hpp"
#include "checkpoint/onnx/onnx_chain.hpp"
#include "checkpoint/onnx/protobuf.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_set>

namespace facemorph {
namespace {

using namespace onnx;

std::string names_of(const std::vector<ValueInfo>& values) {
  std::string names;
  for (const ValueInfo& value : values)
    names += (names.empty() ? "'" : ", '") + printable(value.name) + "'";
  return names.size() > 200 ? names.substr(0, 200) + " …" : names;
}

/// The latent, checked. Its channels are the latent size.
const ValueInfo& latent_of(const Graph& graph) {
  if (graph.inputs.size() > 1)
    throw Error("this ONNX network takes " + std::to_string(graph.inputs.size()) + " inputs (" +
                names_of(graph.inputs) +
                "); Facemorph opens generators that take the latent only. Export it with the "
                "others (a class label, noise) as constants.");
  if (graph.inputs.empty() || graph.outputs.empty())
    throw Error("this ONNX network has no input or no output, so it is no generator.");
  if (graph.outputs.size() > 1)
    throw Error("this ONNX network gives " + std::to_string(graph.outputs.size()) + " results (" +
                names_of(graph.outputs) + "); a generator gives pictures only.");
  const ValueInfo& input = graph.inputs.front();
  const std::vector<std::int64_t>& dims = input.dims;
  const std::string shape = shape_text(dims) + " (-1: any)";
  if (dims.size() == 4 && (dims[2] > 1 || dims[3] > 1))
    throw Error("this ONNX network takes pictures of the shape " + shape +
                ", not latents: it is a discriminator or turns pictures into pictures.");
  if ((dims.size() != 2 && dims.size() != 4) || dims[1] < 1 || dims[1] > kMostChannels)
    throw Error("this ONNX network takes " + shape + " as its input '" + printable(input.name) +
                "'; a generator takes [N, latent size] or [N, latent size, 1, 1], with the latent "
                "size in the file.");
  return input;
}

/// Which nodes the result needs; exporters leave some that nobody asks for.
std::vector<bool> needed_nodes(const Graph& graph) {
  std::unordered_set<std::string_view> wanted = {graph.outputs.front().name};
  std::vector<bool> needed(graph.nodes.size());
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    needed[i] = std::ranges::any_of(node.outputs,
                                    [&](std::string_view name) { return wanted.contains(name); });
    if (needed[i]) wanted.insert(node.inputs.begin(), node.inputs.end());
  }
  return needed;
}

/// Walks over the nodes, and knows the value of every name.
class Walk {
 public:
  explicit Walk(Chain& chain) : chain_(chain) {}

  void set(std::string_view name, Value value) { values_.insert_or_assign(name, std::move(value)); }
  const Value* find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }

  void visit(const Node& node) {
    try {
      if (!node.outputs.empty()) set(node.outputs.front(), value_of(node));
    } catch (const Error& error) {
      std::string reason = error.what();
      if (reason.ends_with('.')) reason.pop_back();
      throw Error("this ONNX network is no chain of layers that Facemorph knows: its node " +
                  describe(node) + " " + (reason.starts_with("it") ? "does not fit: " : "") +
                  reason + ".");
    }
  }

 private:
  Value value_of(const Node& node) {
    if (!node.domain.empty() && node.domain != "ai.onnx" && node.op != "Gelu")
      throw Error("belongs to '" + printable(node.domain) + "', not to ONNX itself");
    std::vector<const Value*> inputs;
    std::vector<const Constant*> constants;
    bool all_constant = true;
    for (const std::string_view name : node.inputs) {
      const Value* value = name.empty() ? nullptr : find(name);
      if (value == nullptr && !name.empty())
        throw Error("takes '" + printable(name) + "', which nothing gives");
      const auto* constant = value == nullptr ? nullptr : std::get_if<Constant>(value);
      all_constant = all_constant && (value == nullptr || constant != nullptr);
      inputs.push_back(value);
      constants.push_back(constant);
    }
    if (all_constant) {
      if (auto constant = fold(node, constants)) return *std::move(constant);
      throw Error("computes with constants what Facemorph does not follow");
    }
    if (node.op == "Shape") return shape_of(std::get<Feature>(*inputs.at(0)));
    for (const Handlers* handlers : {&layer_handlers(), &arithmetic_handlers(), &shape_handlers()})
      if (const auto found = handlers->find(node.op); found != handlers->end())
        return found->second({chain_, node, std::move(inputs)});
    throw Error("is of a kind that Facemorph's layers lack");
  }

  /// The batch is open.
  static Constant shape_of(const Feature& feature) {
    std::vector<double> sides = {NAN};
    sides.insert(sides.end(), feature.dims.begin(), feature.dims.end());
    return constant_of(std::move(sides));
  }

  Chain& chain_;
  std::unordered_map<std::string_view, Value> values_;
};

struct Range {
  float low;
  float high;
};

/// Between which values the last layers keep the pictures, if any do.
std::optional<Range> range_of(const std::vector<Layer>& layers) {
  std::optional<Range> range;
  for (const Layer& layer : layers) {
    if (const auto* activation = std::get_if<ActivationLayer>(&layer)) {
      range.reset();
      if (activation->kind == Activation::Tanh) range = {-1, 1};
      if (activation->kind == Activation::Sigmoid) range = {0, 1};
    } else if (const auto* scale = std::get_if<ScaleLayer>(&layer)) {
      if (!range) continue;
      const float a = range->low * scale->factor + scale->offset;
      const float b = range->high * scale->factor + scale->offset;
      range = {std::min(a, b), std::max(a, b)};
    } else if (!std::holds_alternative<ReshapeLayer>(layer) &&
               !std::holds_alternative<PixelShuffleLayer>(layer) &&
               !std::holds_alternative<UpsampleLayer>(layer)) {
      range.reset();
    }
  }
  return range;
}

void bring_to_range(std::vector<Layer>& layers) {
  const std::optional<Range> range = range_of(layers);
  if (!range || !(range->high > range->low)) return;
  if (std::fabs(range->low + 1) < 1e-3F && std::fabs(range->high - 1) < 1e-3F) return;
  const float factor = 2 / (range->high - range->low);
  layers.emplace_back(ScaleLayer{factor, -1 - range->low * factor});
}

void finish(Chain& chain, const Value* result) {
  const auto* image = result == nullptr ? nullptr : std::get_if<Feature>(result);
  if (image == nullptr || !chain.is_newest(*image))
    throw Error("this ONNX network's result is not that of its last layer.");
  if (image->numel() == 1)
    throw Error("this ONNX network gives one number, as discriminators do. Open the generator.");
  const std::vector<std::int64_t>& dims = image->dims;
  if (dims.size() != 3 || dims[1] != dims[2] || (dims[0] != 1 && dims[0] != 3))
    throw Error("this ONNX network makes " + shape_text(dims) +
                " of a latent; a generator makes square pictures of 1 or 3 channels.");
  chain.reshape(*image);
  LayerStack& stack = chain.stack;
  stack.channels = static_cast<int>(dims[0]);
  stack.image_size = static_cast<int>(dims[1]);
  std::erase_if(stack.layers, [](const Layer& layer) {
    const auto* scale = std::get_if<ScaleLayer>(&layer);
    return scale != nullptr && *scale == ScaleLayer{1, 0};
  });
  bring_to_range(stack.layers);
  check_stack(stack);
}

bool begins_as_graph(std::span<const std::byte> bytes) {
  constexpr std::array<std::uint32_t, 9> kParts = {1, 2, 5, 10, 11, 12, 13, 14, 15};
  protobuf::Reader reader(bytes);
  protobuf::Field field;
  return reader.next(field) && field.wire == protobuf::Wire::Bytes &&
         std::ranges::find(kParts, field.number) != kParts.end();
}

}  // namespace

bool looks_like_onnx(std::span<const std::byte> bytes) {
  constexpr std::array<std::uint32_t, 8> kTexts = {2, 3, 4, 6, 8, 14, 20, 25};
  constexpr std::uint64_t kNewestFormat = 30;  // it was 10 in 2024
  protobuf::Reader reader(bytes);
  protobuf::Field field;
  int texts = 0;
  try {
    if (!reader.next(field) || field.number != 1 || field.wire != protobuf::Wire::Varint ||
        field.value < 1 || field.value > kNewestFormat)
      return false;
    while (reader.next(field)) {
      const bool text = field.wire == protobuf::Wire::Bytes;
      if (field.number == 7 && text) return begins_as_graph(field.bytes);
      const bool version = field.number == 5 && field.wire == protobuf::Wire::Varint;
      if (!version && !(text && std::ranges::find(kTexts, field.number) != kTexts.end()))
        return false;
      texts += text ? 1 : 0;
    }
  } catch (const Error&) {  // a graph that is cut off, or no such file
    return texts > 0 && field.number == 7;
  }
  return false;
}

std::string onnx_producer(std::span<const std::byte> bytes) {
  protobuf::Reader reader(bytes);
  for (protobuf::Field field; reader.next(field);)
    if (field.number == 2 && field.wire == protobuf::Wire::Bytes)
      return {reinterpret_cast<const char*>(field.bytes.data()), field.bytes.size()};
  return {};
}

LayerStack read_onnx(std::span<const std::byte> bytes) {
  const Graph graph = parse(bytes);
  const ValueInfo& latent = latent_of(graph);
  Chain chain(static_cast<int>(latent.dims[1]), latent.dims[0],
              tensor_budget(bytes.size()) / sizeof(float));
  Walk walk(chain);
  for (const onnx::Tensor& constant : graph.constants)
    walk.set(constant.name, constant_of(constant));
  std::vector<std::int64_t> dims = {latent.dims[1]};
  if (latent.dims.size() == 4) dims = {latent.dims[1], 1, 1};
  walk.set(latent.name, chain.latent(std::move(dims)));
  const std::vector<bool> needed = needed_nodes(graph);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    if (needed[i]) walk.visit(graph.nodes[i]);
  finish(chain, walk.find(graph.outputs.front().name));
  return std::move(chain.stack);
}

}  // namespace facemorph
