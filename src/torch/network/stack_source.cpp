#include "checkpoint/stack/stack_check.hpp"
#include "torch/network/stack_script.hpp"

#include <array>
#include <charconv>
#include <initializer_list>

namespace facemorph {
namespace {

/// As a Python float: TorchScript takes "2" for a whole number.
std::string real(double value) {
  std::array<char, 40> text{};
  char* end = std::to_chars(text.begin(), text.end(), value).ptr;
  std::string result(text.data(), static_cast<std::size_t>(end - text.data()));
  if (result.find_first_of(".e") == std::string::npos) result += ".0";
  return result;
}

std::string twice(std::int64_t value) {
  return "[" + std::to_string(value) + ", " + std::to_string(value) + "]";
}

std::string call(const std::string& function, std::initializer_list<std::string> arguments) {
  std::string text = "torch." + function + "(";
  for (const std::string& argument : arguments)
    text += (text.ends_with('(') ? "" : ", ") + argument;
  return text + ")";
}

/// One layer as an expression of x.
struct Expression {
  std::size_t index;
  FeatureShape input;
  FeatureShape output;

  std::string name(const char* leaf) const {
    return "self.layer" + std::to_string(index) + "_" + leaf;
  }
  template <typename Values>
  std::string name_or_none(const char* leaf, const Values& values) const {
    return values.empty() ? "None" : name(leaf);
  }
  std::string channels_shape() const { return input.is_map ? "[1, -1, 1, 1]" : "[1, -1]"; }

  std::string operator()(const LatentLayer& layer) const {
    if (layer.kind == LatentKind::Uniform) return "torch.erf(x * 0.7071067811865476)";
    if (layer.kind == LatentKind::Sphere)
      return "x / torch.clamp(torch.sqrt(torch.sum(torch.square(x), " + all_but_batch() +
             ", True)), 1e-12)";
    return "x";
  }

  std::string all_but_batch() const { return input.is_map ? "[1, 2, 3]" : "[1]"; }

  std::string operator()(const ConditionLayer& layer) const {
    const std::string values = name("values") + ".reshape(" + channels_shape() + ")";
    if (layer.kind == ConditionKind::Multiply) return "x * " + values;
    const std::string repeated =
        values +
        (input.is_map ? ".expand(x.size(0), -1, x.size(2), x.size(3))" : ".expand(x.size(0), -1)");
    const bool append = layer.kind == ConditionKind::Append;
    return "torch.cat([" + (append ? "x, " + repeated : repeated + ", x") + "], 1)";
  }

  std::string operator()(const LinearLayer& layer) const {
    return call("linear", {"x.flatten(1)", name("weight"), name_or_none("bias", layer.bias)});
  }

  std::string operator()(const ReshapeLayer& layer) const {
    return "x.reshape(x.size(0), " + std::to_string(layer.channels) + ", " +
           std::to_string(layer.height) + ", " + std::to_string(layer.width) + ")";
  }

  std::string operator()(const ConvTranspose2dLayer& layer) const {
    return call("conv_transpose2d",
                {"x", name("weight"), name_or_none("bias", layer.bias), twice(layer.stride),
                 twice(layer.padding), twice(layer.output_padding), "1", twice(1)});
  }

  std::string operator()(const Conv2dLayer& layer) const {
    const bool mirror = layer.reflect && layer.padding > 0;
    const std::string p = std::to_string(layer.padding);
    const std::string x =
        mirror ? call("reflection_pad2d", {"x", "[" + p + ", " + p + ", " + p + ", " + p + "]"})
               : "x";
    return call("conv2d", {x, name("weight"), name_or_none("bias", layer.bias), twice(layer.stride),
                           twice(mirror ? 0 : layer.padding), twice(1), "1"});
  }

  std::string operator()(const UpsampleLayer& layer) const {
    const std::string size =
        "[" + std::to_string(output.height) + ", " + std::to_string(output.width) + "]";
    if (layer.mode == UpsampleMode::Nearest) return call("upsample_nearest2d", {"x", size});
    const bool aligned = layer.mode == UpsampleMode::BilinearAligned;
    return call("upsample_bilinear2d", {"x", size, aligned ? "True" : "False"});
  }

  std::string operator()(const PixelShuffleLayer& layer) const {
    return call("pixel_shuffle", {"x", std::to_string(layer.factor)});
  }

  std::string operator()(const BatchNormLayer& layer) const {
    const bool own = layer.running_mean.empty();
    return call("batch_norm",
                {"x", name_or_none("weight", layer.scale), name_or_none("bias", layer.shift),
                 name_or_none("running_mean", layer.running_mean),
                 name_or_none("running_var", layer.running_var), own ? "True" : "False", "0.0",
                 real(layer.eps), "False"});
  }

  std::string operator()(const InstanceNormLayer& layer) const {
    return call("instance_norm",
                {"x", name_or_none("weight", layer.scale), name_or_none("bias", layer.shift),
                 "None", "None", "True", "0.0", real(layer.eps), "False"});
  }

  std::string operator()(const GroupNormLayer& layer) const {
    return call("group_norm",
                {"x", std::to_string(layer.groups), name_or_none("weight", layer.scale),
                 name_or_none("bias", layer.shift), real(layer.eps), "False"});
  }

  std::string operator()(const PixelNormLayer& layer) const {
    return "x * torch.rsqrt(torch.mean(torch.square(x), [1], True) + " + real(layer.eps) + ")";
  }

  std::string operator()(const ActivationLayer& layer) const {
    switch (layer.kind) {
      case Activation::Relu:
        return "torch.relu(x)";
      case Activation::LeakyRelu:
        return call("leaky_relu", {"x", real(layer.slope)});
      case Activation::PRelu:
        return call("prelu", {"x", name("slopes")});
      case Activation::Elu:
        return call("elu", {"x", real(layer.slope)});
      case Activation::Selu:
        return "torch.selu(x)";
      case Activation::Gelu:
        return "torch.gelu(x)";
      case Activation::Silu:
        return "torch.silu(x)";
      case Activation::Softplus:
        return "torch.softplus(x)";
      case Activation::Tanh:
        return "torch.tanh(x)";
      case Activation::Sigmoid:
        return "torch.sigmoid(x)";
      case Activation::None:
        break;
    }
    return "x";
  }

  std::string operator()(const ScaleLayer& layer) const {
    return "x * " + real(layer.factor) + " + " + real(layer.offset);
  }
};

}  // namespace

std::string forward_source(const LayerStack& stack) {
  const std::vector<FeatureShape> shapes = feature_shapes(stack);
  // reshape() takes both shapes of latents and refuses every other size.
  std::string source =
      "def forward(self, z):\n  x = z.reshape(z.size(0), " + std::to_string(stack.nz) + ", 1, 1)\n";
  for (std::size_t i = 0; i < stack.layers.size(); ++i) {
    const std::string expression =
        std::visit(Expression{i, shapes[i], shapes[i + 1]}, stack.layers[i]);
    if (expression != "x") source += "  x = " + expression + "\n";
  }
  return source + "  return x\n";
}

}  // namespace facemorph
