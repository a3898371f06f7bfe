#pragma once

#include <variant>
#include <vector>

namespace facemorph {

/// Transposed convolution without bias; weight is [in, out, kernel, kernel], row-major.
struct ConvTranspose2dLayer {
  int in_channels = 0;
  int out_channels = 0;
  int kernel = 4;
  int stride = 1;
  int padding = 0;
  std::vector<float> weight;
};

/// Batch normalisation in eval mode: (x - mean) / sqrt(var + eps) * scale + shift. All [channels].
struct BatchNorm2dLayer {
  std::vector<float> scale;
  std::vector<float> shift;
  std::vector<float> running_mean;
  std::vector<float> running_var;
  float eps = 1e-5F;
};

struct ReluLayer {};
struct TanhLayer {};

using Layer = std::variant<ConvTranspose2dLayer, BatchNorm2dLayer, ReluLayer, TanhLayer>;

/// A generator as the layers to run, in order, on a latent [N, nz, 1, 1].
/// The result is [N, channels, image_size, image_size] in [-1, 1].
struct LayerStack {
  int nz = 0;
  int channels = 0;
  int image_size = 0;
  std::vector<Layer> layers;
};

}  // namespace facemorph
