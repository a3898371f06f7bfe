#pragma once

#include "checkpoint/formats/shared_values.hpp"

#include <variant>
#include <vector>

namespace facemorph {

/// What distribution the network's author drew latents from. Facemorph's own latents are always
/// standard normal; the stack turns them into the network's.
enum class LatentKind {
  Normal,   ///< as they are
  Uniform,  ///< erf(z / sqrt 2): uniform in [-1, 1], each value by itself
  Sphere,   ///< z / |z|: on the unit sphere
};
struct LatentLayer {
  LatentKind kind = LatentKind::Normal;
  bool operator==(const LatentLayer&) const = default;
};

/// A class label of a conditional network, as the constant that its embedding gives.
enum class ConditionKind {
  Append,    ///< [latent, values]
  Prepend,   ///< [values, latent]
  Multiply,  ///< latent * values
};
struct ConditionLayer {
  ConditionKind kind = ConditionKind::Append;
  std::vector<float> values;
  bool operator==(const ConditionLayer&) const = default;
};

/// y = W x + b on [N, in] (other inputs are flattened); weight is [out, in], row-major.
struct LinearLayer {
  int in_features = 0;
  int out_features = 0;
  Weights weight;
  std::vector<float> bias;  ///< [out], or empty
  bool operator==(const LinearLayer&) const = default;
};

/// [N, channels * height * width] -> [N, channels, height, width].
struct ReshapeLayer {
  int channels = 0;
  int height = 0;
  int width = 0;
  bool operator==(const ReshapeLayer&) const = default;
};

/// Transposed convolution; weight is [in, out, kernel, kernel], row-major.
struct ConvTranspose2dLayer {
  int in_channels = 0;
  int out_channels = 0;
  int kernel = 4;
  int stride = 1;
  int padding = 0;
  int output_padding = 0;
  Weights weight;
  std::vector<float> bias;  ///< [out], or empty
  bool operator==(const ConvTranspose2dLayer&) const = default;
};

/// Convolution; weight is [out, in, kernel, kernel], row-major.
struct Conv2dLayer {
  int in_channels = 0;
  int out_channels = 0;
  int kernel = 3;
  int stride = 1;
  int padding = 1;
  bool reflect = false;  ///< pads with the mirrored picture instead of zeros
  Weights weight;
  std::vector<float> bias;  ///< [out], or empty
  bool operator==(const Conv2dLayer&) const = default;
};

enum class UpsampleMode { Nearest, Bilinear, BilinearAligned };  ///< Aligned: align_corners=True
struct UpsampleLayer {
  int factor = 2;
  UpsampleMode mode = UpsampleMode::Nearest;
  bool operator==(const UpsampleLayer&) const = default;
};

/// [N, c * factor², h, w] -> [N, c, h * factor, w * factor] (Shi et al. 2016).
struct PixelShuffleLayer {
  int factor = 2;
  bool operator==(const PixelShuffleLayer&) const = default;
};

/// Batch normalisation in eval mode, of feature maps [N, C, H, W] or vectors [N, C]:
/// (x - mean) / sqrt(var + eps) * scale + shift. All [channels].
struct BatchNormLayer {
  std::vector<float> scale;
  std::vector<float> shift;
  std::vector<float> running_mean;  ///< both empty when the file has none: then the batch's own
  std::vector<float> running_var;
  float eps = 1e-5F;
  bool operator==(const BatchNormLayer&) const = default;
};

/// Normalises each map of each picture by itself.
struct InstanceNormLayer {
  std::vector<float> scale;  ///< both [channels], or empty
  std::vector<float> shift;
  float eps = 1e-5F;
  bool operator==(const InstanceNormLayer&) const = default;
};

struct GroupNormLayer {
  int groups = 1;
  std::vector<float> scale;  ///< both [channels], or empty
  std::vector<float> shift;
  float eps = 1e-5F;
  bool operator==(const GroupNormLayer&) const = default;
};

/// x / sqrt(mean over channels of x² + eps) (Karras et al. 2018, 4.2).
struct PixelNormLayer {
  float eps = 1e-8F;
  bool operator==(const PixelNormLayer&) const = default;
};

enum class Activation {
  None,
  Relu,
  LeakyRelu,
  PRelu,
  Elu,
  Selu,
  Gelu,
  Silu,
  Softplus,
  Tanh,
  Sigmoid
};
struct ActivationLayer {
  Activation kind = Activation::Relu;
  float slope = 0.2F;         ///< of LeakyRelu; alpha of Elu
  std::vector<float> slopes;  ///< of PRelu: one, or one a channel
  bool operator==(const ActivationLayer&) const = default;
};

/// factor * x + offset: brings values to [-1, 1].
struct ScaleLayer {
  float factor = 1;
  float offset = 0;
  bool operator==(const ScaleLayer&) const = default;
};

using Layer =
    std::variant<LatentLayer, ConditionLayer, LinearLayer, ReshapeLayer, ConvTranspose2dLayer,
                 Conv2dLayer, UpsampleLayer, PixelShuffleLayer, BatchNormLayer, InstanceNormLayer,
                 GroupNormLayer, PixelNormLayer, ActivationLayer, ScaleLayer>;

/// A generator as the layers to run, in order, on a latent [N, nz, 1, 1].
/// The result is [N, channels, image_size, image_size] in [-1, 1].
struct LayerStack {
  int nz = 0;  ///< of the user's latents: without what a ConditionLayer adds
  int channels = 0;
  int image_size = 0;
  std::vector<Layer> layers;
  bool operator==(const LayerStack&) const = default;
};

}  // namespace facemorph
