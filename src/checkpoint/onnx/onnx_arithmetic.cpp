#include "base/error.hpp"
#include "checkpoint/onnx/onnx_chain.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace facemorph::onnx {
namespace {

constexpr float kRootHalf = 0.70710678F;

bool close(float a, float b) {
  return std::fabs(a - b) < 1e-6F * std::max(1.0F, std::fabs(b));
}

Handler activation(Activation kind) {
  return [kind](const Call& call) {
    return call.chain.add_elementwise(ActivationLayer{kind, 0.2F, {}}, call.feature());
  };
}

Handler sloped(Activation kind, float otherwise) {
  return [kind, otherwise](const Call& call) {
    const float slope = call.node.real("alpha", otherwise);
    return call.chain.add_elementwise(ActivationLayer{kind, slope, {}}, call.feature());
  };
}

Feature selu(const Call& call) {
  const bool usual = close(call.node.real("alpha", 1.6732632F), 1.6732632F) &&
                     close(call.node.real("gamma", 1.0507010F), 1.0507010F);
  if (!usual) throw Error("has other constants than SELU");
  return call.chain.add_elementwise(ActivationLayer{Activation::Selu, 0.2F, {}}, call.feature());
}

Feature gelu(const Call& call) {
  if (call.node.text("approximate", "none") != "none") throw Error("approximates GELU by tanh");
  return call.chain.add_elementwise(ActivationLayer{Activation::Gelu, 0.2F, {}}, call.feature());
}

/// One number, or one a channel.
struct Factor {
  std::vector<float> values;
  bool is_single() const { return values.size() == 1; }
};

/// How a constant meets a feature. Throws Error when it is neither.
Factor factor_of(const Call& call, const Constant& constant, const Feature& feature) {
  const std::size_t rank = feature.dims.size() + 1;
  std::vector<std::int64_t> dims = constant.dims;
  const bool fits = dims.size() <= rank;
  const bool single = fits && constant.numel() == 1;
  if (dims.size() < rank) dims.insert(dims.begin(), rank - dims.size(), 1);
  const bool channels =
      fits && (rank == 2 || rank == 4) && dims[1] == feature.dims[0] && constant.numel() == dims[1];
  if (!single && !channels)
    throw Error("works with a constant of the shape " + shape_text(constant.dims) +
                ", not with one number or one a channel");
  Factor factor{call.chain.weights(constant)};
  if (!std::ranges::all_of(factor.values, [](float v) { return std::isfinite(v); }))
    throw Error("works with an impossible constant");
  return factor;
}

Feature prelu(const Call& call) {
  Factor slopes = factor_of(call, call.constant(1), call.feature());
  ActivationLayer layer{Activation::PRelu, 0.2F, std::move(slopes.values)};
  if (layer.slopes.size() == 1) return call.chain.add_elementwise(std::move(layer), call.feature());
  return call.chain.add(std::move(layer), call.feature());
}

/// Of the layer's channels, not of some other view of them.
bool is_one_a_channel(const Chain& chain, const Factor& factor) {
  return !factor.is_single() &&
         static_cast<std::int64_t>(factor.values.size()) == chain.shape().channels;
}

Feature multiply(const Call& call, const Feature& feature, Factor factor) {
  Chain& chain = call.chain;
  auto* group = chain.last<GroupNormLayer>(feature);
  if (group != nullptr && group->scale.empty() && is_one_a_channel(chain, factor)) {
    group->shift.assign(factor.values.size(), 0.0F);
    group->scale = std::move(factor.values);
    return chain.renewed(feature);
  }
  if (!factor.is_single())
    return chain.add(ConditionLayer{ConditionKind::Multiply, std::move(factor.values)}, feature);
  const float value = factor.values.front();
  // The last step of GELU leaves 0.5 of the 2 that stand there.
  if (auto* scale = chain.last<ScaleLayer>(feature);
      scale != nullptr && scale->offset == 0 && chain.last<ActivationLayer>(feature, 1)) {
    const auto* before = chain.last<ActivationLayer>(feature, 1);
    if (before->kind == Activation::Gelu && scale->factor * value == 1) {
      Feature output = chain.undo(1, feature);
      output.dims = feature.dims;
      return output;
    }
  }
  return chain.add_elementwise(ScaleLayer{value, 0}, feature);
}

/// Fills `bias` if the layer that made the feature has none.
template <typename L>
bool add_bias(Chain& chain, const Feature& feature, std::vector<float>& values) {
  L* layer = chain.last<L>(feature);
  if (layer == nullptr || !layer->bias.empty() ||
      static_cast<std::size_t>(layer->out_channels) != values.size())
    return false;
  layer->bias = std::move(values);
  return true;
}

Feature add(const Call& call, const Feature& feature, Factor factor) {
  Chain& chain = call.chain;
  if (factor.is_single()) {
    // Behind a product it is the same layer's offset.
    auto* scale = chain.last<ScaleLayer>(feature);
    if (scale == nullptr || scale->offset != 0)
      return chain.add_elementwise(ScaleLayer{1, factor.values.front()}, feature);
    scale->offset = factor.values.front();
    return chain.renewed(feature);
  }
  auto* group = chain.last<GroupNormLayer>(feature);
  if (group != nullptr && group->shift.size() == factor.values.size()) {
    group->shift = std::move(factor.values);
    return chain.renewed(feature);
  }
  auto* linear = chain.last<LinearLayer>(feature);
  if (linear != nullptr && linear->bias.empty() && feature.dims.size() == 1) {
    linear->bias = std::move(factor.values);
    return chain.renewed(feature);
  }
  const bool biased = add_bias<Conv2dLayer>(chain, feature, factor.values) ||
                      add_bias<ConvTranspose2dLayer>(chain, feature, factor.values);
  if (!biased) throw Error("adds a constant a channel, which Facemorph's layers lack there");
  return chain.renewed(feature);
}

/// The two operands when one of them is constant: the feature, and where it stands.
std::optional<std::size_t> feature_place(const Call& call) {
  if (call.inputs.size() != 2 || call.inputs[0] == nullptr || call.inputs[1] == nullptr)
    throw Error("does not have two inputs");
  const bool first = std::holds_alternative<Feature>(*call.inputs[0]);
  const bool second = std::holds_alternative<Feature>(*call.inputs[1]);
  if (first && second) return std::nullopt;
  return first ? 0 : 1;
}

/// x * sigmoid(x), and x * (1 + erf(x / sqrt 2)), which is twice GELU.
Feature product_of_features(const Call& call) {
  Chain& chain = call.chain;
  const bool swapped = chain.is_newest(call.feature(0));
  const Feature& newest = call.feature(swapped ? 0 : 1);
  const Feature& earlier = call.feature(swapped ? 1 : 0);
  const auto* sigmoid = chain.last<ActivationLayer>(newest);
  if (sigmoid != nullptr && sigmoid->kind == Activation::Sigmoid && chain.went_into(earlier, 0)) {
    const Feature input = chain.undo(1, newest);
    return chain.add_elementwise(ActivationLayer{Activation::Silu, 0.2F, {}}, input);
  }
  const auto* plus_one = chain.last<ScaleLayer>(newest);
  const auto* erf = chain.last<LatentLayer>(newest, 1);
  if (plus_one != nullptr && *plus_one == ScaleLayer{1, 1} && erf != nullptr &&
      chain.went_into(earlier, 1)) {
    const Feature input = chain.undo(2, newest);
    const Feature output =
        chain.add_elementwise(ActivationLayer{Activation::Gelu, 0.2F, {}}, input);
    return chain.add_elementwise(ScaleLayer{2, 0}, output);
  }
  throw Error("multiplies the results of two layers: the network is no chain");
}

Feature mul(const Call& call) {
  const auto place = feature_place(call);
  if (!place) return product_of_features(call);
  const Feature& feature = call.feature(*place);
  return multiply(call, feature, factor_of(call, call.constant(1 - *place), feature));
}

Feature div(const Call& call) {
  const auto place = feature_place(call);
  if (!place) throw Error("divides the results of two layers: the network is no chain");
  if (*place != 0) throw Error("divides by pictures");
  Factor factor = factor_of(call, call.constant(1), call.feature());
  for (float& value : factor.values) {
    value = 1 / value;
    if (!std::isfinite(value)) throw Error("divides by zero");
  }
  return multiply(call, call.feature(), std::move(factor));
}

[[noreturn]] void refuse_sum() {
  throw Error("adds the results of two layers (a residual block): the network is no chain");
}

Feature sum(const Call& call) {
  const auto place = feature_place(call);
  if (!place) refuse_sum();
  const Feature& feature = call.feature(*place);
  return add(call, feature, factor_of(call, call.constant(1 - *place), feature));
}

Feature difference(const Call& call) {
  const auto place = feature_place(call);
  if (!place) refuse_sum();
  const Feature& feature = call.feature(*place);
  Factor factor = factor_of(call, call.constant(1 - *place), feature);
  if (*place == 1) return add(call, multiply(call, feature, {{-1}}), std::move(factor));
  for (float& value : factor.values)
    value = -value;
  return add(call, feature, std::move(factor));
}

Feature negative(const Call& call) {
  return multiply(call, call.feature(), {{-1}});
}

/// erf(x / sqrt 2), which makes uniform latents of normal ones, and is part of GELU.
Feature erf(const Call& call) {
  const Feature& feature = call.feature();
  const auto* scale = call.chain.last<ScaleLayer>(feature);
  if (scale == nullptr || !close(scale->factor, kRootHalf) || scale->offset != 0)
    throw Error("is part of an activation that Facemorph does not know");
  Feature input = call.chain.undo(1, feature);
  return call.chain.add_elementwise(LatentLayer{LatentKind::Uniform}, input);
}

}  // namespace

const Handlers& arithmetic_handlers() {
  static const Handlers kHandlers = {{"Relu", activation(Activation::Relu)},
                                     {"LeakyRelu", sloped(Activation::LeakyRelu, 0.01F)},
                                     {"PRelu", prelu},
                                     {"Elu", sloped(Activation::Elu, 1)},
                                     {"Selu", selu},
                                     {"Gelu", gelu},
                                     {"Softplus", activation(Activation::Softplus)},
                                     {"Tanh", activation(Activation::Tanh)},
                                     {"Sigmoid", activation(Activation::Sigmoid)},
                                     {"Erf", erf},
                                     {"Mul", mul},
                                     {"Div", div},
                                     {"Add", sum},
                                     {"Sub", difference},
                                     {"Neg", negative}};
  return kHandlers;
}

}  // namespace facemorph::onnx
