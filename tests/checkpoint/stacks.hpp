#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace facemorph::testing {

/// Small stacks that together have every layer in every variety.
class StackMaker {
 public:
  std::vector<float> numbers(std::size_t count, float from, float to) {
    std::vector<float> values(count);
    for (float& value : values)  // std distributions differ from library to library
      value = from + (to - from) * static_cast<float>(random_() % 10'000) / 10'000;
    return values;
  }
  std::vector<float> weights(int count) {
    return numbers(static_cast<std::size_t>(count), -0.3F, 0.3F);
  }

  LinearLayer linear(int in, int out, bool bias = true) {
    return {in, out, weights(in * out), weights(bias ? out : 0)};
  }
  ConvTranspose2dLayer up(int in, int out, int kernel, int stride, int padding, int more = 0,
                          bool bias = false) {
    return {in,
            out,
            kernel,
            stride,
            padding,
            more,
            weights(in * out * kernel * kernel),
            weights(bias ? out : 0)};
  }
  Conv2dLayer conv(int in, int out, int kernel, int padding, bool reflect = false, int stride = 1,
                   bool bias = true) {
    return {in,
            out,
            kernel,
            stride,
            padding,
            reflect,
            weights(in * out * kernel * kernel),
            weights(bias ? out : 0)};
  }
  BatchNormLayer batch_norm(std::size_t width, bool statistics = true) {
    BatchNormLayer layer{numbers(width, 0.5F, 1.5F), numbers(width, -0.5F, 0.5F), {}, {}, 2e-5F};
    if (statistics) {
      layer.running_mean = numbers(width, -0.3F, 0.3F);
      layer.running_var = numbers(width, 0.2F, 2);
    }
    return layer;
  }
  static ActivationLayer activation(Activation kind, float slope = 0.2F) {
    return {kind, slope, {}};
  }

  /// Conv chains as in the DCGAN paper, every plain activation somewhere.
  LayerStack convolutions() {
    return {6,
            3,
            16,
            {up(6, 8, 4, 1, 0), batch_norm(8), activation(Activation::Relu),
             up(8, 8, 3, 2, 1, 1, true), activation(Activation::LeakyRelu, 0.1F),
             conv(8, 6, 3, 1, true), activation(Activation::Elu, 0.7F), conv(6, 6, 5, 2),
             activation(Activation::Selu), conv(6, 6, 4, 1, false, 1, false),
             up(6, 6, 4, 1, 1, 0, true), activation(Activation::Softplus), up(6, 3, 4, 2, 1),
             activation(Activation::Sigmoid), ScaleLayer{2, -1}}};
  }
  /// Linear layers, a view, and every way to enlarge.
  LayerStack upsampling() {
    return {5,
            1,
            32,
            {linear(5, 12), batch_norm(12), ActivationLayer{Activation::PRelu, 0.2F, {0.3F}},
             linear(12, 128, false), ReshapeLayer{32, 2, 2},
             ActivationLayer{Activation::PRelu, 0.2F, numbers(32, 0, 0.5F)},
             UpsampleLayer{2, UpsampleMode::Nearest}, conv(32, 16, 3, 1),
             InstanceNormLayer{numbers(16, 0.5F, 1.5F), numbers(16, -1, 1), 3e-5F},
             UpsampleLayer{2, UpsampleMode::Bilinear}, conv(16, 16, 1, 0), InstanceNormLayer{},
             UpsampleLayer{2, UpsampleMode::BilinearAligned}, PixelShuffleLayer{2},
             conv(4, 1, 3, 1), activation(Activation::Tanh)}};
  }
  /// What ONNX has no single operator for.
  LayerStack decomposed() {
    return {8,
            3,
            8,
            {LatentLayer{LatentKind::Uniform},
             ConditionLayer{ConditionKind::Multiply, numbers(8, 0.5F, 1.5F)},
             ConditionLayer{ConditionKind::Append, numbers(4, -1, 1)},
             ConditionLayer{ConditionKind::Prepend, numbers(2, -1, 1)}, up(14, 8, 4, 1, 0),
             GroupNormLayer{4, numbers(8, 0.5F, 1.5F), numbers(8, -1, 1), 1e-4F},
             activation(Activation::Gelu), conv(8, 8, 3, 1), GroupNormLayer{2, {}, {}, 1e-5F},
             activation(Activation::Silu), up(8, 3, 4, 2, 1), activation(Activation::Tanh)}};
  }
  /// An MLP whose picture comes out flat.
  LayerStack perceptron() {
    return {10,
            1,
            4,
            {linear(10, 16), activation(Activation::LeakyRelu), linear(16, 16),
             activation(Activation::Tanh), ReshapeLayer{1, 4, 4}}};
  }
  /// What cannot be told from the file of another tool.
  LayerStack unusual() {
    return {8,
            3,
            8,
            {LatentLayer{LatentKind::Normal}, LatentLayer{LatentKind::Sphere},
             PixelNormLayer{1e-6F}, up(8, 8, 4, 1, 0), batch_norm(8, false), PixelNormLayer{},
             activation(Activation::None), up(8, 3, 4, 2, 1), activation(Activation::Tanh)}};
  }
  std::vector<std::pair<std::string, LayerStack>> all() {
    std::vector<std::pair<std::string, LayerStack>> stacks = {{"convolutions", convolutions()},
                                                              {"upsampling", upsampling()},
                                                              {"decomposed", decomposed()},
                                                              {"perceptron", perceptron()},
                                                              {"unusual", unusual()}};
    return stacks;
  }

 private:
  std::minstd_rand random_{7};
};

}  // namespace facemorph::testing
