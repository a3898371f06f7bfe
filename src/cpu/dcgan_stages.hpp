#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <optional>
#include <vector>

namespace facemorph {

/// A transposed convolution of kernel 4 and what follows it:
/// y = activation(norm(conv(x) + bias)).
struct DcganStage {
  int in_channels = 0;
  int out_channels = 0;
  Weights weight;                      ///< [in, out, 4, 4]
  std::vector<float> bias;             ///< [out]
  std::optional<BatchNormLayer> norm;  ///< with running statistics
  float slope = 0;                     ///< of negative values: 0 is ReLU, 1 changes nothing
};

/// A stage's norm, folded in: weights of output o times factor[o], and another bias.
struct FoldedNorm {
  std::vector<double> factor;
  std::vector<float> bias;
};
FoldedNorm fold_norm(const DcganStage& stage);

/// A generator as chains of DCGAN stages: the first makes 4x4 maps of the latent (stride 1, no
/// padding), every other doubles the size (stride 2, padding 1), tanh follows the last (Radford et
/// al. 2015).
struct DcganStages {
  int nz = 0;
  int channels = 0;  ///< 1 or 3
  int image_size = 0;
  std::vector<DcganStage> stages;  ///< two at least
};

/// The stack as such a chain; nothing when it is another network.
std::optional<DcganStages> dcgan_stages(const LayerStack& stack);

}  // namespace facemorph
