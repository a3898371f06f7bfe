#include "base/error.hpp"
#include "checkpoint/generator/draft.hpp"

#include <algorithm>
#include <cstdlib>

namespace facemorph {
namespace {

/// "leaky_relu_0.2" and the like.
ActivationLayer activation_named(const std::string& name) {
  constexpr std::string_view kLeaky = "leaky_relu_";
  if (name.starts_with(kLeaky))
    return {Activation::LeakyRelu, std::strtof(name.c_str() + kLeaky.size(), nullptr), {}};
  static const std::map<std::string, Activation> kKinds = {
      {"relu", Activation::Relu}, {"elu", Activation::Elu},
      {"selu", Activation::Selu}, {"gelu", Activation::Gelu},
      {"silu", Activation::Silu}, {"softplus", Activation::Softplus},
      {"tanh", Activation::Tanh}, {"sigmoid", Activation::Sigmoid},
      {"none", Activation::None}};
  const auto found = kKinds.find(name);
  return {found == kKinds.end() ? Activation::None : found->second, 1.0F, {}};
}

/// Assembles the stack layer by layer.
class Builder {
 public:
  Builder(const GeneratorDraft& draft, const Assumptions& assumptions)
      : draft_(draft), assumptions_(assumptions) {}

  LayerStack run() {
    if (draft_.stated) return stated();
    const auto& layers = draft_.chain.layers;
    const Geometry& geometry = chosen_geometry();
    stack_.channels = draft_.chain.channels;
    stack_.image_size = geometry.image_size;
    stack_.nz = layers.front().in;
    add_latent();
    for (std::size_t i = 0; i < layers.size(); ++i)
      add_layer(layers[i], geometry.layers[i], i);
    add_output(geometry.layers.back());
    return std::move(stack_);
  }

 private:
  LayerStack stated() {
    add_latent();
    const LayerStack& all = *draft_.stated;
    stack_.nz = all.nz;
    stack_.channels = all.channels;
    stack_.image_size = all.image_size;
    stack_.layers.insert(stack_.layers.end(), all.layers.begin(), all.layers.end());
    return std::move(stack_);
  }

  std::string value(std::string_view key) const {
    const Choice* choice = draft_.find(key);
    if (choice == nullptr) return {};
    const auto found = assumptions_.find(std::string(key));
    return found == assumptions_.end() ? choice->options.front() : found->second;
  }

  const Geometry& chosen_geometry() const {
    const Choice* choice = draft_.find("geometry");
    if (choice == nullptr) return draft_.geometries.front();
    const auto place = std::ranges::find(choice->options, value("geometry"));
    if (place == choice->options.end())
      throw Error("'" + value("geometry") + "' is no geometry of this network.");
    return draft_.geometries[static_cast<std::size_t>(place - choice->options.begin())];
  }

  void add(Layer layer) { stack_.layers.push_back(std::move(layer)); }

  void add_latent() {
    const std::string kind = value("latent");
    if (kind == "uniform") add(LatentLayer{LatentKind::Uniform});
    if (kind == "sphere") add(LatentLayer{LatentKind::Sphere});
    const auto& embedding = draft_.chain.embedding;
    if (!embedding) return;
    const auto width = static_cast<std::size_t>(embedding->shape[1]);
    const auto row = static_cast<std::size_t>(std::atoi(value("class").c_str())) * width;
    const auto first = embedding->values.begin() + static_cast<std::ptrdiff_t>(row);
    ConditionLayer condition;
    condition.values.assign(first, first + static_cast<std::ptrdiff_t>(width));
    const std::string how = value("conditioning");
    condition.kind = how == "multiply"  ? ConditionKind::Multiply
                     : how == "prepend" ? ConditionKind::Prepend
                                        : ConditionKind::Append;
    if (condition.kind != ConditionKind::Multiply) stack_.nz -= static_cast<int>(width);
    if (stack_.nz < 1) throw Error("the class takes all of this network's input.");
    add(std::move(condition));
  }

  void add_layer(const ChainLayer& layer, const LayerGeometry& geometry, std::size_t index) {
    if (geometry.upsample > 1) add(UpsampleLayer{geometry.upsample, upsample_mode()});
    add_weights(layer, geometry);
    if (index + 1 == draft_.chain.layers.size()) {
      add_norm(layer);
      if (geometry.shuffle > 1) add(PixelShuffleLayer{geometry.shuffle});
      return;
    }
    const bool reshapes = geometry.view_side > 0 || geometry.shuffle > 1;
    // A norm as wide as the layer's own output comes before a view or shuffle, others behind it.
    const bool norm_before = layer.norm && layer.norm->width == layer.out;
    if (reshapes && !norm_before) add_reshape(index, geometry);
    add_norm_and_activation(layer, index);
    if (reshapes && norm_before) add_reshape(index, geometry);
  }

  UpsampleMode upsample_mode() const {
    const std::string mode = value("upsampling");
    if (mode == "bilinear") return UpsampleMode::Bilinear;
    return mode == "bilinear_aligned" ? UpsampleMode::BilinearAligned : UpsampleMode::Nearest;
  }

  void add_weights(const ChainLayer& layer, const LayerGeometry& geometry) {
    const WeightTensor& weight = layer.weight;
    if (layer.kind == LayerKind::Linear)
      add(LinearLayer{layer.in, layer.out, weight.values, weight.bias});
    else if (layer.kind == LayerKind::ConvTranspose2d)
      add(ConvTranspose2dLayer{layer.in, layer.out, weight.kernel(), geometry.stride,
                               geometry.padding, geometry.output_padding, weight.values,
                               weight.bias});
    else
      add(Conv2dLayer{layer.in, layer.out, weight.kernel(), geometry.stride, geometry.padding,
                      false, weight.values, weight.bias});
  }

  void add_reshape(std::size_t index, const LayerGeometry& geometry) {
    if (geometry.view_side > 0)
      add(ReshapeLayer{draft_.chain.layers[index + 1].in, geometry.view_side, geometry.view_side});
    else
      add(PixelShuffleLayer{geometry.shuffle});
  }

  void add_norm_and_activation(const ChainLayer& layer, std::size_t index) {
    // Pixel norm comes last in a block (Karras et al. 2018, table 2).
    const bool activation_first =
        value("order") == "activation_first" || (!layer.norm && value("norm") == "pixel");
    if (!activation_first) add_norm(layer);
    if (index > 0 || value("first_activation") != "none") add_activation(layer);
    if (activation_first) add_norm(layer);
  }

  void add_norm(const ChainLayer& layer) {
    const bool last = &layer == &draft_.chain.layers.back();
    const std::string kind = value("norm");
    if (!layer.norm) {
      if (!last && kind == "pixel") add(PixelNormLayer{});
      if (!last && kind == "instance" && layer.kind != LayerKind::Linear && !any_norm_tensors())
        add(InstanceNormLayer{});
      return;
    }
    const NormTensors& norm = *layer.norm;
    if (norm.has_statistics() || kind == "batch")
      add(BatchNormLayer{norm.scale, norm.shift, norm.running_mean, norm.running_var, epsilon()});
    else if (kind.starts_with("group_"))
      add(GroupNormLayer{std::atoi(kind.c_str() + 6), norm.scale, norm.shift});
    else
      add(InstanceNormLayer{norm.scale, norm.shift});
  }

  bool any_norm_tensors() const {
    return std::ranges::any_of(draft_.chain.layers,
                               [](const ChainLayer& layer) { return layer.norm.has_value(); });
  }

  float epsilon() const {
    const std::string text = value("epsilon");
    const bool first = std::ranges::none_of(stack_.layers, [](const Layer& layer) {
      return std::holds_alternative<BatchNormLayer>(layer);
    });
    if (text.empty() || (text == "0.8_later" && first)) return BatchNormLayer{}.eps;
    return std::strtof(text.c_str(), nullptr);  // reads as far as it is a number
  }

  void add_activation(const ChainLayer& layer) {
    const bool own = layer.activation && layer.slopes.empty();
    const std::vector<float>& slopes = layer.slopes.empty() ? shared_slope() : layer.slopes;
    if (!slopes.empty() && !own) return add(ActivationLayer{Activation::PRelu, 0, slopes});
    const ActivationLayer activation =
        activation_named(own ? *layer.activation : value("activation"));
    if (activation.kind != Activation::None) add(activation);
  }

  /// One PReLU module may serve every layer; the file has it once.
  const std::vector<float>& shared_slope() const {
    static const std::vector<float> kNone;
    const ChainLayer* only = nullptr;
    for (const ChainLayer& layer : draft_.chain.layers) {
      if (layer.slopes.empty()) continue;
      if (only != nullptr || layer.slopes.size() != 1) return kNone;
      only = &layer;
    }
    return only == nullptr ? kNone : only->slopes;
  }

  void add_output(const LayerGeometry& last) {
    const std::string output = value("output");
    if (output != "none") add(activation_named(output));
    const auto range = assumptions_.find("range");
    const std::string to = range != assumptions_.end() ? range->second
                           : output == "sigmoid"       ? "0..1"
                                                       : "-1..1";
    if (to == "0..1") add(ScaleLayer{2, -1});
    if (to == "0..255") add(ScaleLayer{2.0F / 255, -1});
    if (draft_.chain.layers.back().kind == LayerKind::Linear)
      add(ReshapeLayer{stack_.channels, last.view_side, last.view_side});
  }

  const GeneratorDraft& draft_;
  const Assumptions& assumptions_;
  LayerStack stack_;
};

}  // namespace

LayerStack build_stack(const GeneratorDraft& draft, const Assumptions& assumptions) {
  return Builder(draft, assumptions).run();
}

}  // namespace facemorph
