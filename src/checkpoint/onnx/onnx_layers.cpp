#include "base/error.hpp"
#include "checkpoint/onnx/onnx_chain.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph::onnx {
namespace {

using Dims = std::vector<std::int64_t>;

/// An int of a file: shape_after() says whether it is reasonable.
int small(std::int64_t value) {
  if (value < 0 || value > (1 << 24)) throw Error("has an impossible setting");
  return static_cast<int>(value);
}

/// The one value of a list that has the same for both sides.
int same_for_all(const Dims& values, const char* what) {
  if (std::ranges::adjacent_find(values, std::not_equal_to()) != values.end())
    throw Error("has another " + std::string(what) + " for each side");
  return values.empty() ? 0 : small(values.front());
}

void require_floats(const Constant& constant, std::size_t rank) {
  if (constant.dims.size() != rank)
    throw Error("has weights of the shape " + shape_text(constant.dims));
}

/// Kernel, stride and padding of Conv and ConvTranspose. Weights are [a, b, k, k].
struct Window {
  int kernel;
  int stride;
  int padding;
};

Window window_of(const Node& node, const Constant& weight) {
  require_floats(weight, 4);
  if (node.integer("group", 1) != 1) throw Error("works in groups of channels");
  if (same_for_all(node.integers("dilations", {1, 1}), "dilation") != 1)
    throw Error("has a dilated kernel");
  const Window window{same_for_all({weight.dims[2], weight.dims[3]}, "kernel"),
                      same_for_all(node.integers("strides", {1, 1}), "stride"),
                      same_for_all(node.integers("pads"), "padding")};
  const std::string_view automatic = node.text("auto_pad", "NOTSET");
  if (automatic == "NOTSET" || automatic == "VALID" || automatic.empty()) return window;
  if (node.op != "Conv" || window.stride != 1 || window.kernel % 2 == 0)
    throw Error("pads automatically (" + std::string(automatic) + "), not alike on all sides");
  return {window.kernel, 1, window.kernel / 2};
}

std::vector<float> bias_of(const Call& call, std::size_t i) {
  const Constant* bias = call.constant_or_none(i);
  return bias == nullptr ? std::vector<float>() : call.chain.weights(*bias);
}

Feature conv(const Call& call) {
  const Constant& weight = call.constant(1);
  const Window window = window_of(call.node, weight);
  Feature input = call.feature();
  Conv2dLayer layer{small(weight.dims[1]),
                    small(weight.dims[0]),
                    window.kernel,
                    window.stride,
                    window.padding,
                    input.reflect,
                    {},
                    {}};
  if (input.padding > 0) {
    if (window.padding > 0) throw Error("pads a picture that is already padded");
    layer.padding = input.padding;
    for (const std::size_t side : {1, 2})
      input.dims[side] -= 2 * std::int64_t{input.padding};
    input.padding = 0;
    input.reflect = false;
  }
  if (input.dims.size() != 3) throw Error("works on something other than feature maps");
  layer.weight = call.chain.weights(weight);
  layer.bias = bias_of(call, 2);
  return call.chain.add(std::move(layer), input);
}

Feature conv_transpose(const Call& call) {
  const Constant& weight = call.constant(1);
  const Window window = window_of(call.node, weight);
  if (call.node.find("output_shape") != nullptr) throw Error("pads by its output's shape");
  if (call.feature().dims.size() != 3) throw Error("works on something other than feature maps");
  const int more = same_for_all(call.node.integers("output_padding"), "output padding");
  ConvTranspose2dLayer layer{small(weight.dims[0]),
                             small(weight.dims[1]),
                             window.kernel,
                             window.stride,
                             window.padding,
                             more,
                             call.chain.weights(weight),
                             bias_of(call, 2)};
  return call.chain.add(std::move(layer), call.feature());
}

/// `is_out_in`: the weights stand as [out, in].
LinearLayer linear_layer(const Call& call, bool is_out_in) {
  if (call.feature().dims.size() != 1) throw Error("multiplies something other than vectors");
  const Constant& weight = call.constant(1);
  require_floats(weight, 2);
  const int rows = small(weight.dims[0]);
  const int columns = small(weight.dims[1]);
  std::vector<float> values = call.chain.weights(weight);
  if (!is_out_in)
    values = transposed(values, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
  return {is_out_in ? columns : rows, is_out_in ? rows : columns, std::move(values), {}};
}

Feature gemm(const Call& call) {
  const Node& node = call.node;
  if (node.integer("transA", 0) != 0) throw Error("multiplies in an unusual way");
  LinearLayer layer = linear_layer(call, node.integer("transB", 0) != 0);
  std::vector<float> bias = bias_of(call, 2);
  if (bias.size() == 1) bias.assign(static_cast<std::size_t>(layer.out_features), bias.front());
  const float alpha = node.real("alpha", 1);
  const float beta = node.real("beta", 1);
  if (alpha != 1) {
    std::vector<float> scaled = layer.weight;
    for (float& value : scaled)
      value *= alpha;
    layer.weight = std::move(scaled);
  }
  for (float& value : bias)
    value *= beta;
  layer.bias = std::move(bias);
  return call.chain.add(std::move(layer), call.feature());
}

Feature mat_mul(const Call& call) {
  return call.chain.add(linear_layer(call, /*is_out_in=*/false), call.feature());
}

Feature batch_norm(const Call& call) {
  if (call.node.integer("spatial", 1) != 1) throw Error("normalises every pixel by itself");
  Chain& chain = call.chain;
  BatchNormLayer layer{chain.weights(call.constant(1)), chain.weights(call.constant(2)),
                       chain.weights(call.constant(3)), chain.weights(call.constant(4)),
                       call.node.real("epsilon", 1e-5F)};
  return chain.add(std::move(layer), call.feature());
}

bool all_are(const std::vector<float>& values, float value) {
  return std::ranges::all_of(values, [value](float v) { return v == value; });
}

/// Of feature maps, or of groups of them, [groups, rest]: then it is the core of a group norm.
Feature instance_norm(const Call& call) {
  const Feature& input = call.feature();
  std::vector<float> scale = call.chain.weights(call.constant(1));
  std::vector<float> shift = call.chain.weights(call.constant(2));
  const bool plain = all_are(scale, 1) && all_are(shift, 0);
  const float eps = call.node.real("epsilon", 1e-5F);
  if (input.dims.size() == 3)
    return plain
               ? call.chain.add(InstanceNormLayer{{}, {}, eps}, input)
               : call.chain.add(InstanceNormLayer{std::move(scale), std::move(shift), eps}, input);
  const bool groups = input.dims.size() == 2 && plain && input.dims[0] > 0 &&
                      call.chain.shape().channels % input.dims[0] == 0;
  if (!groups) throw Error("normalises something other than feature maps");
  return call.chain.add_elementwise(GroupNormLayer{small(input.dims[0]), {}, {}, eps}, input);
}

/// The whole factor of both sides; 0 when there is none.
int upsample_factor(const Feature& input, const std::vector<double>& factors) {
  const bool fits = factors.size() == 4 && input.dims.size() == 3 &&
                    (factors[0] == 1 || std::isnan(factors[0])) && factors[1] == 1 &&
                    factors[2] == factors[3] && factors[2] >= 1 && factors[2] <= kMostKernel;
  if (!fits || std::fabs(factors[2] - std::round(factors[2])) > 1e-4) return 0;
  return static_cast<int>(std::round(factors[2]));
}

/// How pixels are found: each way of counting gives nearest neighbours for some roundings only.
UpsampleMode resize_mode(const Node& node, int factor) {
  const std::string_view mode = node.text("mode", "nearest");
  const std::string_view counting = node.text("coordinate_transformation_mode",
                                              node.op == "Upsample" ? "asymmetric" : "half_pixel");
  const std::string_view rounding =
      node.text("nearest_mode", node.op == "Upsample" ? "floor" : "round_prefer_floor");
  const bool half = counting == "half_pixel" || counting == "pytorch_half_pixel";
  if (mode == "linear" && half) return UpsampleMode::Bilinear;
  if (mode == "linear" && counting == "align_corners") return UpsampleMode::BilinearAligned;
  if (mode == "nearest" && half && rounding.starts_with("round")) return UpsampleMode::Nearest;
  if (mode == "nearest" && counting == "asymmetric" &&
      (rounding == "floor" || (rounding == "round_prefer_floor" && factor <= 2)))
    return UpsampleMode::Nearest;
  throw Error("enlarges in the mode " + std::string(mode) + " with " + std::string(counting) +
              " coordinates, which Facemorph lacks");
}

Feature resize(const Call& call) {
  const Feature& input = call.feature();
  std::vector<double> factors;
  const std::size_t place = call.node.op == "Upsample" ? 1 : call.inputs.size() == 2 ? 1 : 2;
  if (const Constant* scales = call.constant_or_none(place)) factors = scales->numbers();
  if (const Attribute* scales = call.node.find("scales"))
    factors.assign(scales->floats.begin(), scales->floats.end());
  if (const Constant* sizes = call.constant_or_none(3); sizes != nullptr && sizes->numel() == 4) {
    factors = sizes->numbers();
    factors[0] = 1;
    for (std::size_t i = 0; i < input.dims.size() && i < 3; ++i)
      factors[i + 1] /= static_cast<double>(input.dims[i]);
  }
  const int factor = upsample_factor(input, factors);
  if (factor == 0) throw Error("does not enlarge both sides of a picture by a whole number");
  return call.chain.add(UpsampleLayer{factor, resize_mode(call.node, factor)}, input);
}

Feature depth_to_space(const Call& call) {
  const int factor = small(call.node.integer("blocksize", 0));
  const Feature& input = call.feature();
  if (input.dims.size() != 3) throw Error("works on something other than feature maps");
  // With one channel to make, both orders are the same.
  const bool one = !input.dims.empty() && input.dims[0] == std::int64_t{factor} * factor;
  if (call.node.text("mode", "DCR") != "CRD" && !one)
    throw Error("rearranges channels depth first (DCR), which Facemorph lacks");
  return call.chain.add(PixelShuffleLayer{factor}, input);
}

/// Leaves the border to the convolution that comes next.
Feature pad(const Call& call) {
  const std::string_view mode = call.node.text("mode", "constant");
  Dims pads = call.node.integers("pads");
  if (const Constant* numbers = call.constant_or_none(1))
    for (const double side : numbers->numbers())
      pads.push_back(whole(side));
  float filling = call.node.real("value", 0);
  if (const Constant* value = call.constant_or_none(2))
    if (value->numel() == 1) filling = value->floats().front();
  Feature output = call.feature();
  if (std::ranges::all_of(pads, [](std::int64_t side) { return side == 0; })) return output;
  const bool even = pads.size() == 8 && output.dims.size() == 3 && output.padding == 0 &&
                    pads == Dims{0, 0, pads[2], pads[2], 0, 0, pads[2], pads[2]};
  if (!even || (mode != "reflect" && (mode != "constant" || filling != 0)))
    throw Error("pads in a way (" + std::string(mode) + ") that Facemorph's convolutions lack");
  if (pads[2] < 0 || pads[2] > kMostKernel) throw Error("pads far too much");
  output.padding = static_cast<int>(pads[2]);
  output.reflect = mode == "reflect";
  for (const std::size_t side : {1, 2})
    output.dims[side] += 2 * pads[2];
  return output;
}

}  // namespace

const Handlers& layer_handlers() {
  static const Handlers kHandlers = {{"Conv", conv},
                                     {"ConvTranspose", conv_transpose},
                                     {"Gemm", gemm},
                                     {"MatMul", mat_mul},
                                     {"BatchNormalization", batch_norm},
                                     {"InstanceNormalization", instance_norm},
                                     {"Resize", resize},
                                     {"Upsample", resize},
                                     {"DepthToSpace", depth_to_space},
                                     {"Pad", pad}};
  return kHandlers;
}

}  // namespace facemorph::onnx
