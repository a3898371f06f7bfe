#pragma once

#include "checkpoint/generator/weight_layers.hpp"

#include <optional>
#include <string>
#include <vector>

namespace facemorph {

enum class LayerKind { Linear, ConvTranspose2d, Conv2d };

/// What a convolution's module says about itself.
struct StatedConvolution {
  int stride = 1;
  int padding = 0;
  int output_padding = 0;
  std::optional<int> upsample;  ///< the enlargement before it, if the modules tell
};

/// A multiplying layer in its place, with the normalisation and the slopes that belong to it.
struct ChainLayer {
  LayerKind kind = LayerKind::Linear;
  int in = 0;  ///< channels, or features
  int out = 0;
  WeightTensor weight;
  std::optional<NormTensors> norm;
  std::vector<float> slopes;  ///< of a PReLU behind it, else empty
  std::optional<StatedConvolution> stated = {};
  std::optional<std::string> activation = {};  ///< behind it, where the layers' modules differ
};

/// The layers of a generator from the latent to the picture.
struct GeneratorChain {
  std::vector<ChainLayer> layers;
  std::optional<WeightTensor> embedding;  ///< [classes, width] of a conditional network
  int channels = 0;                       ///< of the picture, 1 or 3
};

/// Puts the parts of a network in order: each layer's output must fit the next one's input, the
/// last one must give a picture, and every part must find its place. The order in the file, then
/// names, decide only where shapes leave a choice.
/// Throws Error that says what the network is instead (a discriminator, an image-to-image network,
/// an autoencoder …) or which part has no place.
GeneratorChain chain_layers(const std::vector<NetworkPart>& parts);

/// "1 fully connected layer, 4 transposed convolutions, 4 norms", for people.
std::string layers_text(const GeneratorChain& chain);

/// How the values of one layer become the input of the next.
struct Passage {
  int side = 0;     ///< of the maps that a fully connected layer's output is viewed as, else 0
  int shuffle = 1;  ///< factor of a pixel shuffle in between
};
/// Nothing when they do not fit.
std::optional<Passage> passage(LayerKind from, int out, LayerKind to, int in);

/// The channels of a picture that a last convolution's output is, 0 when it is none; a pixel
/// shuffle may lie behind it.
struct PicturePlanes {
  int channels = 0;
  int shuffle = 1;
};
PicturePlanes picture_planes(int out);

/// The side of the square picture that `values` numbers in `channels` planes are, else 0.
int picture_side(std::int64_t values, int channels);

}  // namespace facemorph
