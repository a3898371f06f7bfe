#include "cpu/dcgan_stages.hpp"

#include <cmath>
#include <cstddef>

namespace facemorph {
namespace {

constexpr int kKernel = 4;

/// Walks through the layers one after the other.
class Walk {
 public:
  explicit Walk(const std::vector<Layer>& layers) : layers_(layers) {}
  /// The next layer if it is of this kind, which is passed then.
  template <typename Kind>
  const Kind* take() {
    if (at_ == layers_.size()) return nullptr;
    const auto* layer = std::get_if<Kind>(&layers_[at_]);
    if (layer != nullptr) ++at_;
    return layer;
  }
  bool at_end() const { return at_ == layers_.size(); }

 private:
  const std::vector<Layer>& layers_;
  std::size_t at_ = 0;
};

bool is_stage(const ConvTranspose2dLayer& conv, bool first) {
  return conv.kernel == kKernel && conv.stride == (first ? 1 : 2) &&
         conv.padding == (first ? 0 : 1) && conv.output_padding == 0;
}

DcganStage stage_of(const ConvTranspose2dLayer& conv) {
  DcganStage stage{conv.in_channels, conv.out_channels, conv.weight, conv.bias, {}, 1};
  stage.bias.resize(static_cast<std::size_t>(stage.out_channels), 0.0F);
  return stage;
}

std::optional<float> slope_of(const ActivationLayer& activation) {
  switch (activation.kind) {
    case Activation::None:
      return 1.0F;
    case Activation::Relu:
      return 0.0F;
    case Activation::LeakyRelu:
      return activation.slope;
    default:
      return std::nullopt;
  }
}

}  // namespace

FoldedNorm fold_norm(const DcganStage& stage) {
  const auto outputs = static_cast<std::size_t>(stage.out_channels);
  FoldedNorm result{std::vector<double>(outputs, 1.0), stage.bias};
  if (!stage.norm) return result;
  const BatchNormLayer& norm = *stage.norm;
  for (std::size_t o = 0; o < outputs; ++o) {
    result.factor[o] =
        static_cast<double>(norm.scale[o]) /
        std::sqrt(static_cast<double>(norm.running_var[o]) + static_cast<double>(norm.eps));
    const double centred =
        static_cast<double>(stage.bias[o]) - static_cast<double>(norm.running_mean[o]);
    result.bias[o] =
        static_cast<float>(centred * result.factor[o] + static_cast<double>(norm.shift[o]));
  }
  return result;
}

std::optional<DcganStages> dcgan_stages(const LayerStack& stack) {
  Walk walk(stack.layers);
  if (const auto* latent = walk.take<LatentLayer>(); latent && latent->kind != LatentKind::Normal)
    return std::nullopt;
  DcganStages result{stack.nz, stack.channels, 4, {}};
  int channels = stack.nz;
  while (const auto* conv = walk.take<ConvTranspose2dLayer>()) {
    const bool first = result.stages.empty();
    if (!is_stage(*conv, first) || conv->in_channels != channels) return std::nullopt;
    channels = conv->out_channels;
    if (!first) result.image_size *= 2;
    DcganStage stage = stage_of(*conv);
    if (const auto* norm = walk.take<BatchNormLayer>()) {
      if (norm->running_mean.empty()) return std::nullopt;
      stage.norm = *norm;
    }
    if (const auto* activation = walk.take<ActivationLayer>()) {
      const bool last = walk.at_end() && activation->kind == Activation::Tanh;
      const std::optional<float> slope = last ? 1.0F : slope_of(*activation);
      if (!slope) return std::nullopt;
      stage.slope = *slope;
      result.stages.push_back(std::move(stage));
      if (!last) continue;
      const bool fits = result.stages.size() > 1 && (channels == 1 || channels == 3) &&
                        channels == stack.channels && result.image_size == stack.image_size;
      return fits ? std::optional(std::move(result)) : std::nullopt;
    }
    result.stages.push_back(std::move(stage));
  }
  return std::nullopt;
}

}  // namespace facemorph
