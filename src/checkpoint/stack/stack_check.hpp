#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace facemorph {

/// What a stack's numbers may be at most. Generators come nowhere near; files by strangers may.
inline constexpr int kMostLayers = 512;
inline constexpr int kMostChannels = 65'536;
inline constexpr int kMostKernel = 64;  ///< also of strides, paddings and factors
inline constexpr int kMostImageSize = 2048;
inline constexpr std::int64_t kMostActivation = std::int64_t{64} << 20;  ///< numbers a face
inline constexpr std::int64_t kMostWork = std::int64_t{1} << 40;         ///< multiply-adds a face

/// What one face is between two layers: feature maps [N, channels, height, width], or, when
/// `is_map` is false, a vector [N, channels] with height and width 1.
struct FeatureShape {
  std::int64_t channels = 0;
  std::int64_t height = 1;
  std::int64_t width = 1;
  bool is_map = true;

  std::int64_t numel() const { return channels * height * width; }
  bool operator==(const FeatureShape&) const = default;
};

/// "conv_transpose2d", "batch_norm" …: how messages and files name a layer's kind.
std::string_view layer_type(const Layer& layer);

/// The shape behind a layer. Throws Error, which does not name the layer, when the layer's numbers
/// are unreasonable, its weights are not as many as they say, or the input does not fit.
FeatureShape shape_after(const Layer& layer, const FeatureShape& input);

/// Multiply-adds that a layer takes a face.
std::int64_t work_of(const Layer& layer, const FeatureShape& input, const FeatureShape& output);

/// The shapes before each layer and behind the last, from [nz, 1, 1] on: layers + 1 of them.
/// Throws Error that names the layer which does not fit.
std::vector<FeatureShape> feature_shapes(const LayerStack& stack);

/// Whether the stack can be run: every layer fits the one before, no step takes unreasonable memory
/// or work, and the result is as the stack says, square and of 1 or 3 channels. Throws Error that
/// names what does not fit.
void check_stack(const LayerStack& stack);

}  // namespace facemorph
