#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

/// The settings and tensors of every layer, described once: writers and the reader of stack files
/// visit the same fields. A visitor has
///   number(name, int), real(name, float), flag(name, bool), choice(name, enum, names) and
///   tensor(name, values, {sides…}), which is required, vector(name, values), which may be empty.
namespace facemorph {

template <typename Enum, std::size_t N>
using EnumNames = std::array<std::pair<Enum, std::string_view>, N>;

inline constexpr EnumNames<LatentKind, 3> kLatentNames = {{{LatentKind::Normal, "normal"},
                                                           {LatentKind::Uniform, "uniform"},
                                                           {LatentKind::Sphere, "sphere"}}};
inline constexpr EnumNames<ConditionKind, 3> kConditionNames = {
    {{ConditionKind::Append, "append"},
     {ConditionKind::Prepend, "prepend"},
     {ConditionKind::Multiply, "multiply"}}};
inline constexpr EnumNames<UpsampleMode, 3> kUpsampleNames = {
    {{UpsampleMode::Nearest, "nearest"},
     {UpsampleMode::Bilinear, "bilinear"},
     {UpsampleMode::BilinearAligned, "bilinear_aligned"}}};
inline constexpr EnumNames<Activation, 11> kActivationNames = {
    {{Activation::None, "none"},
     {Activation::Relu, "relu"},
     {Activation::LeakyRelu, "leaky_relu"},
     {Activation::PRelu, "prelu"},
     {Activation::Elu, "elu"},
     {Activation::Selu, "selu"},
     {Activation::Gelu, "gelu"},
     {Activation::Silu, "silu"},
     {Activation::Softplus, "softplus"},
     {Activation::Tanh, "tanh"},
     {Activation::Sigmoid, "sigmoid"}}};

/// T or const T.
template <typename T, typename Wanted>
concept Either = std::same_as<std::remove_const_t<T>, Wanted>;

void visit_fields(auto& visitor, Either<LatentLayer> auto& layer) {
  visitor.choice("kind", layer.kind, kLatentNames);
}

void visit_fields(auto& visitor, Either<ConditionLayer> auto& layer) {
  visitor.choice("kind", layer.kind, kConditionNames);
  visitor.vector("values", layer.values);
}

void visit_fields(auto& visitor, Either<LinearLayer> auto& layer) {
  visitor.number("in_features", layer.in_features);
  visitor.number("out_features", layer.out_features);
  visitor.tensor("weight", layer.weight, {layer.out_features, layer.in_features});
  visitor.vector("bias", layer.bias);
}

void visit_fields(auto& visitor, Either<ReshapeLayer> auto& layer) {
  visitor.number("channels", layer.channels);
  visitor.number("height", layer.height);
  visitor.number("width", layer.width);
}

void visit_fields(auto& visitor, Either<ConvTranspose2dLayer> auto& layer) {
  visitor.number("in_channels", layer.in_channels);
  visitor.number("out_channels", layer.out_channels);
  visitor.number("kernel", layer.kernel);
  visitor.number("stride", layer.stride);
  visitor.number("padding", layer.padding);
  visitor.number("output_padding", layer.output_padding);
  visitor.tensor("weight", layer.weight,
                 {layer.in_channels, layer.out_channels, layer.kernel, layer.kernel});
  visitor.vector("bias", layer.bias);
}

void visit_fields(auto& visitor, Either<Conv2dLayer> auto& layer) {
  visitor.number("in_channels", layer.in_channels);
  visitor.number("out_channels", layer.out_channels);
  visitor.number("kernel", layer.kernel);
  visitor.number("stride", layer.stride);
  visitor.number("padding", layer.padding);
  visitor.flag("reflect", layer.reflect);
  visitor.tensor("weight", layer.weight,
                 {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel});
  visitor.vector("bias", layer.bias);
}

void visit_fields(auto& visitor, Either<UpsampleLayer> auto& layer) {
  visitor.number("factor", layer.factor);
  visitor.choice("mode", layer.mode, kUpsampleNames);
}

void visit_fields(auto& visitor, Either<PixelShuffleLayer> auto& layer) {
  visitor.number("factor", layer.factor);
}

void visit_fields(auto& visitor, Either<BatchNormLayer> auto& layer) {
  visitor.real("eps", layer.eps);
  visitor.vector("weight", layer.scale);
  visitor.vector("bias", layer.shift);
  visitor.vector("running_mean", layer.running_mean);
  visitor.vector("running_var", layer.running_var);
}

void visit_fields(auto& visitor, Either<InstanceNormLayer> auto& layer) {
  visitor.real("eps", layer.eps);
  visitor.vector("weight", layer.scale);
  visitor.vector("bias", layer.shift);
}

void visit_fields(auto& visitor, Either<GroupNormLayer> auto& layer) {
  visitor.number("groups", layer.groups);
  visitor.real("eps", layer.eps);
  visitor.vector("weight", layer.scale);
  visitor.vector("bias", layer.shift);
}

void visit_fields(auto& visitor, Either<PixelNormLayer> auto& layer) {
  visitor.real("eps", layer.eps);
}

void visit_fields(auto& visitor, Either<ActivationLayer> auto& layer) {
  visitor.choice("kind", layer.kind, kActivationNames);
  visitor.real("slope", layer.slope);
  visitor.vector("slopes", layer.slopes);
}

void visit_fields(auto& visitor, Either<ScaleLayer> auto& layer) {
  visitor.real("factor", layer.factor);
  visitor.real("offset", layer.offset);
}

}  // namespace facemorph
