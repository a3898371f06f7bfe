#include "checkpoint/onnx/onnx_writer.hpp"

#include "checkpoint/onnx/onnx_builder.hpp"
#include "checkpoint/stack/stack_check.hpp"

#include <numbers>
#include <string>

namespace facemorph {
namespace {

using onnx::Builder;
using onnx::Setting;
using Dims = std::vector<std::int64_t>;

constexpr float kRootHalf = static_cast<float>(std::numbers::sqrt2 / 2);

/// Appends the nodes of one layer, and gives the name of its result.
struct WriteLayer {
  Builder& builder;
  std::string x;  ///< what goes in
  FeatureShape input;
  FeatureShape output;

  /// Dimensions that meet the input's channels.
  Dims channel_dims(std::int64_t channels) const {
    return input.is_map ? Dims{1, channels, 1, 1} : Dims{1, channels};
  }

  std::string vector(const char* leaf, const std::vector<float>& values) const {
    return builder.floats(leaf, values, {static_cast<std::int64_t>(values.size())});
  }

  /// Scales and shifts that a norm may lack.
  std::string vector_or(const char* leaf, const std::vector<float>& values, std::int64_t count,
                        float otherwise) const {
    if (!values.empty()) return vector(leaf, values);
    return vector(leaf, std::vector<float>(static_cast<std::size_t>(count), otherwise));
  }

  std::string per_channel(const char* op, const char* leaf, const std::string& value,
                          const std::vector<float>& values) const {
    const auto count = static_cast<std::int64_t>(values.size());
    return builder.node(op, {value, builder.floats(leaf, values, channel_dims(count))});
  }

  std::string with_number(const char* op, const char* leaf, const std::string& value,
                          float number) const {
    return builder.node(op, {value, builder.number(leaf, number)});
  }

  std::string operator()(const LatentLayer& layer) const {
    if (layer.kind == LatentKind::Uniform)
      return builder.node("Erf", {with_number("Mul", "root_half", x, kRootHalf)});
    if (layer.kind == LatentKind::Normal) return x;
    const Dims axes = input.is_map ? Dims{1, 2, 3} : Dims{1};
    const std::string length =
        builder.node("ReduceL2", {x}, {{"axes", axes}, {"keepdims", std::int64_t{1}}});
    return builder.node("Div", {x, with_number("Max", "least", length, 1e-12F)});
  }

  std::string operator()(const ConditionLayer& layer) const {
    if (layer.kind == ConditionKind::Multiply) return per_channel("Mul", "values", x, layer.values);
    // As often as there are latents: [N, 1, h, w] is what the values are repeated over.
    const std::string batch =
        builder.node("Gather", {builder.node("Shape", {x}), builder.integers("first", {0})},
                     {{"axis", std::int64_t{0}}});
    const Dims rest = input.is_map ? Dims{1, input.height, input.width} : Dims{1};
    const std::string shape = builder.node("Concat", {batch, builder.integers("sides", rest)},
                                           {{"axis", std::int64_t{0}}});
    const std::string values = builder.floats(
        "values", layer.values, channel_dims(static_cast<std::int64_t>(layer.values.size())));
    const std::string repeated = builder.node("Expand", {values, shape});
    const bool append = layer.kind == ConditionKind::Append;
    return builder.node("Concat", {append ? x : repeated, append ? repeated : x},
                        {{"axis", std::int64_t{1}}});
  }

  std::string operator()(const LinearLayer& layer) const {
    const std::string flat =
        input.is_map ? builder.node("Flatten", {x}, {{"axis", std::int64_t{1}}}) : x;
    const std::vector<float>& weight = layer.weight;
    std::vector<std::string> inputs = {
        flat, builder.floats("weight", weight, {layer.out_features, layer.in_features})};
    if (!layer.bias.empty()) inputs.push_back(vector("bias", layer.bias));
    return builder.node("Gemm", inputs, {{"transB", std::int64_t{1}}});
  }

  std::string operator()(const ReshapeLayer& layer) const {
    const Dims shape = {0, layer.channels, layer.height, layer.width};  // 0: the batch as it is
    return builder.node("Reshape", {x, builder.integers("shape", shape)});
  }

  template <typename Convolution>
  std::vector<Setting> window(const Convolution& layer, std::int64_t padding) const {
    return {{"kernel_shape", Dims{layer.kernel, layer.kernel}},
            {"strides", Dims{layer.stride, layer.stride}},
            {"pads", Dims{padding, padding, padding, padding}}};
  }

  std::string operator()(const ConvTranspose2dLayer& layer) const {
    const std::vector<float>& weight = layer.weight;
    std::vector<std::string> inputs = {
        x, builder.floats("weight", weight,
                          {layer.in_channels, layer.out_channels, layer.kernel, layer.kernel})};
    if (!layer.bias.empty()) inputs.push_back(vector("bias", layer.bias));
    std::vector<Setting> settings = window(layer, layer.padding);
    settings.push_back({"output_padding", Dims{layer.output_padding, layer.output_padding}});
    return builder.node("ConvTranspose", inputs, settings);
  }

  std::string operator()(const Conv2dLayer& layer) const {
    const std::vector<float>& weight = layer.weight;
    const std::int64_t p = layer.padding;
    std::string padded = x;
    if (layer.reflect && p > 0)
      padded = builder.node("Pad", {x, builder.integers("pads", {0, 0, p, p, 0, 0, p, p})},
                            {{"mode", "reflect"}});
    std::vector<std::string> inputs = {
        padded,
        builder.floats("weight", weight,
                       {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel})};
    if (!layer.bias.empty()) inputs.push_back(vector("bias", layer.bias));
    return builder.node("Conv", inputs, window(layer, layer.reflect ? 0 : p));
  }

  std::string operator()(const UpsampleLayer& layer) const {
    const auto factor = static_cast<float>(layer.factor);
    const std::vector<float> scales = {1, 1, factor, factor};
    const std::vector<std::string> inputs = {x, "", builder.floats("scales", scales, {4})};
    const char* counting = layer.mode == UpsampleMode::Nearest    ? "asymmetric"
                           : layer.mode == UpsampleMode::Bilinear ? "half_pixel"
                                                                  : "align_corners";
    return builder.node("Resize", inputs,
                        {{"mode", layer.mode == UpsampleMode::Nearest ? "nearest" : "linear"},
                         {"coordinate_transformation_mode", counting},
                         {"nearest_mode", "floor"}});
  }

  std::string operator()(const PixelShuffleLayer& layer) const {
    return builder.node("DepthToSpace", {x},
                        {{"blocksize", std::int64_t{layer.factor}}, {"mode", "CRD"}});
  }

  std::string operator()(const BatchNormLayer& layer) const {
    if (layer.running_mean.empty()) return batch_norm_of_the_batch(layer);
    return builder.node(
        "BatchNormalization",
        {x, vector_or("weight", layer.scale, input.channels, 1),
         vector_or("bias", layer.shift, input.channels, 0),
         vector("running_mean", layer.running_mean), vector("running_var", layer.running_var)},
        {{"epsilon", layer.eps}});
  }

  std::string batch_norm_of_the_batch(const BatchNormLayer& layer) const {
    const std::vector<Setting> all_but_channels = {{"axes", input.is_map ? Dims{0, 2, 3} : Dims{0}},
                                                   {"keepdims", std::int64_t{1}}};
    const std::string centred =
        builder.node("Sub", {x, builder.node("ReduceMean", {x}, all_but_channels)});
    const std::string variance =
        builder.node("ReduceMean", {builder.node("Mul", {centred, centred})}, all_but_channels);
    const std::string deviation =
        builder.node("Sqrt", {with_number("Add", "eps", variance, layer.eps)});
    std::string y = builder.node("Div", {centred, deviation});
    if (layer.scale.empty()) return y;
    return per_channel("Add", "bias", per_channel("Mul", "weight", y, layer.scale), layer.shift);
  }

  std::string operator()(const InstanceNormLayer& layer) const {
    return builder.node("InstanceNormalization",
                        {x, vector_or("weight", layer.scale, input.channels, 1),
                         vector_or("bias", layer.shift, input.channels, 0)},
                        {{"epsilon", layer.eps}});
  }

  /// An instance norm of each group's channels laid end to end.
  std::string operator()(const GroupNormLayer& layer) const {
    const std::string groups =
        builder.node("Reshape", {x, builder.integers("groups", {0, layer.groups, -1})});
    const std::string normal = builder.node(
        "InstanceNormalization",
        {groups, vector_or("ones", {}, layer.groups, 1), vector_or("zeros", {}, layer.groups, 0)},
        {{"epsilon", layer.eps}});
    Dims shape = {0, input.channels};
    if (input.is_map) shape.insert(shape.end(), {input.height, input.width});
    std::string y = builder.node("Reshape", {normal, builder.integers("shape", shape)});
    if (layer.scale.empty()) return y;
    return per_channel("Add", "bias", per_channel("Mul", "weight", y, layer.scale), layer.shift);
  }

  std::string operator()(const PixelNormLayer& layer) const {
    const std::string mean = builder.node("ReduceMean", {builder.node("Mul", {x, x})},
                                          {{"axes", Dims{1}}, {"keepdims", std::int64_t{1}}});
    const std::string length = builder.node("Sqrt", {with_number("Add", "eps", mean, layer.eps)});
    return builder.node("Div", {x, length});
  }

  std::string operator()(const ActivationLayer& layer) const {
    switch (layer.kind) {
      case Activation::Relu:
        return builder.node("Relu", {x});
      case Activation::LeakyRelu:
        return builder.node("LeakyRelu", {x}, {{"alpha", layer.slope}});
      case Activation::PRelu:
        return prelu(layer.slopes);
      case Activation::Elu:
        return builder.node("Elu", {x}, {{"alpha", layer.slope}});
      case Activation::Selu:
        return builder.node("Selu", {x});
      case Activation::Gelu:
        return gelu();
      case Activation::Silu:
        return builder.node("Mul", {x, builder.node("Sigmoid", {x})});
      case Activation::Softplus:
        return builder.node("Softplus", {x});
      case Activation::Tanh:
        return builder.node("Tanh", {x});
      case Activation::Sigmoid:
        return builder.node("Sigmoid", {x});
      case Activation::None:
        break;
    }
    return x;
  }

  std::string prelu(const std::vector<float>& slopes) const {
    const auto count = static_cast<std::int64_t>(slopes.size());
    const Dims dims = input.is_map ? Dims{count, 1, 1} : Dims{count};
    return builder.node("PRelu", {x, builder.floats("slopes", slopes, dims)});
  }

  /// x (1 + erf(x / sqrt 2)) / 2.
  std::string gelu() const {
    const std::string erf = builder.node("Erf", {with_number("Mul", "root_half", x, kRootHalf)});
    const std::string twice = builder.node("Mul", {x, with_number("Add", "one", erf, 1)});
    return with_number("Mul", "half", twice, 0.5F);
  }

  std::string operator()(const ScaleLayer& layer) const {
    const std::string scaled = with_number("Mul", "factor", x, layer.factor);
    return layer.offset == 0 ? scaled : with_number("Add", "offset", scaled, layer.offset);
  }
};

}  // namespace

std::vector<std::byte> to_onnx(const LayerStack& stack) {
  check_stack(stack);
  const std::vector<FeatureShape> shapes = feature_shapes(stack);
  Builder builder("latent", {-1, stack.nz, 1, 1});
  std::string x = "latent";
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    builder.set_prefix("layers." + std::to_string(i));
    x = std::visit(WriteLayer{builder, x, shapes[i], shapes[i + 1]}, stack.layers[i]);
  }
  return builder.finish(x, "image", {-1, stack.channels, stack.image_size, stack.image_size});
}

}  // namespace facemorph
