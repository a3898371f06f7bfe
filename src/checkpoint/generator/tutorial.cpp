#include "checkpoint/generator/tutorial.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace facemorph {
namespace {

/// Layers of the tutorial's network: conv i is main.<3i>, its batch norm main.<3i+1>.
std::string conv_key(std::size_t i) {
  return "main." + std::to_string(3 * i) + ".weight";
}
std::string norm_key(std::size_t i, std::string_view leaf) {
  return "main." + std::to_string(3 * i + 1) + "." + std::string(leaf);
}

std::size_t conv_count(const GeneratorArch& arch) {
  std::size_t count = 1;
  for (int size = 4; size < arch.image_size; size *= 2)
    ++count;
  return count;
}

bool all_finite(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
}

std::vector<float> values_at(const TensorTable& tensors, const std::string& key) {
  const Tensor* found = tensors.find(key);
  if (found == nullptr) throw Error("the weights lack '" + key + "'.");
  return to_floats(*found);
}

/// Values without which nothing can be shown; running statistics can be estimated anew.
std::vector<float> weights_at(const TensorTable& tensors, const std::string& key) {
  std::vector<float> values = values_at(tensors, key);
  if (!all_finite(values))
    throw Error("'" + key +
                "' holds values that are not finite numbers: the training that wrote "
                "this file broke down. Use an earlier checkpoint.");
  return values;
}

ConvTranspose2dLayer conv_layer(const TensorTable& tensors, std::size_t i) {
  const std::string key = conv_key(i);
  ConvTranspose2dLayer layer;
  layer.weight = weights_at(tensors, key);
  const auto& shape = tensors.find(key)->shape;
  if (shape.size() != 4) throw Error("'" + key + "' has the shape " + shape_text(shape) + ".");
  layer.in_channels = static_cast<int>(shape[0]);
  layer.out_channels = static_cast<int>(shape[1]);
  layer.kernel = static_cast<int>(shape[2]);
  layer.stride = i == 0 ? 1 : 2;
  layer.padding = i == 0 ? 0 : 1;
  return layer;
}

BatchNormLayer norm_layer(const TensorTable& tensors, std::size_t i) {
  BatchNormLayer layer;
  layer.scale = weights_at(tensors, norm_key(i, "weight"));
  layer.shift = weights_at(tensors, norm_key(i, "bias"));
  layer.running_mean = values_at(tensors, norm_key(i, "running_mean"));
  layer.running_var = values_at(tensors, norm_key(i, "running_var"));
  return layer;
}

bool is_tutorial_convolution(const ConvTranspose2dLayer& conv, bool first) {
  return conv.kernel == 4 && conv.bias.empty() && conv.output_padding == 0 &&
         conv.stride == (first ? 1 : 2) && conv.padding == (first ? 0 : 1);
}

bool is_activation(const Layer& layer, Activation kind) {
  const auto* activation = std::get_if<ActivationLayer>(&layer);
  return activation != nullptr && activation->kind == kind;
}

}  // namespace

std::vector<std::pair<std::string, std::vector<std::int64_t>>> tutorial_shapes(
    const GeneratorArch& arch) {
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes;
  const std::size_t convs = conv_count(arch);
  std::int64_t in = arch.nz;
  for (std::size_t i = 0; i < convs; ++i) {
    const bool last = i + 1 == convs;
    const std::int64_t out = last ? arch.nc : std::int64_t{arch.ngf} << (convs - 2 - i);
    shapes.push_back({conv_key(i), {in, out, 4, 4}});
    if (last) break;
    for (const char* leaf : {"weight", "bias", "running_mean", "running_var"})
      shapes.push_back({norm_key(i, leaf), {out}});
    shapes.push_back({norm_key(i, "num_batches_tracked"), {}});
    in = out;
  }
  return shapes;
}

std::map<std::string, std::string> generator_metadata(const GeneratorArch& arch) {
  return {{"format", "pt"},
          {"facemorph.arch", "dcgan"},
          {"facemorph.nz", std::to_string(arch.nz)},
          {"facemorph.ngf", std::to_string(arch.ngf)},
          {"facemorph.nc", std::to_string(arch.nc)},
          {"facemorph.image_size", std::to_string(arch.image_size)}};
}

LayerStack build_stack(const GeneratorArch& arch, const TensorTable& tensors) {
  LayerStack stack{arch.nz, arch.nc, arch.image_size, {}};
  const std::size_t convs = conv_count(arch);
  for (std::size_t i = 0; i < convs; ++i) {
    stack.layers.emplace_back(conv_layer(tensors, i));
    if (i + 1 == convs) break;
    stack.layers.emplace_back(norm_layer(tensors, i));
    stack.layers.emplace_back(ActivationLayer{Activation::Relu, {}, {}});
  }
  stack.layers.emplace_back(ActivationLayer{Activation::Tanh, {}, {}});
  return stack;
}

std::optional<GeneratorArch> tutorial_arch(const LayerStack& stack) {
  const auto& layers = stack.layers;
  if (layers.size() < 5 || layers.size() % 3 != 2) return std::nullopt;
  for (std::size_t i = 0; i < layers.size(); i += 3) {
    const auto* conv = std::get_if<ConvTranspose2dLayer>(&layers[i]);
    if (conv == nullptr || !is_tutorial_convolution(*conv, i == 0)) return std::nullopt;
    if (i + 2 == layers.size()) break;
    const auto* norm = std::get_if<BatchNormLayer>(&layers[i + 1]);
    if (norm == nullptr || norm->running_mean.empty() || norm->eps != BatchNormLayer{}.eps ||
        !is_activation(layers[i + 2], Activation::Relu))
      return std::nullopt;
  }
  if (!is_activation(layers.back(), Activation::Tanh)) return std::nullopt;
  const auto& last = std::get<ConvTranspose2dLayer>(layers[layers.size() - 2]);
  return GeneratorArch{stack.nz, last.in_channels, stack.channels, stack.image_size};
}

void visit_tutorial(
    const LayerStack& stack,
    const std::function<void(const std::string& key, const std::vector<float>& values,
                             const std::vector<std::int64_t>& shape)>& visit) {
  std::size_t i = 0;
  for (const Layer& layer : stack.layers) {
    if (const auto* conv = std::get_if<ConvTranspose2dLayer>(&layer)) {
      visit(conv_key(i), conv->weight,
            {conv->in_channels, conv->out_channels, conv->kernel, conv->kernel});
    } else if (const auto* norm = std::get_if<BatchNormLayer>(&layer)) {
      const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(norm->scale.size())};
      visit(norm_key(i, "weight"), norm->scale, shape);
      visit(norm_key(i, "bias"), norm->shift, shape);
      visit(norm_key(i, "running_mean"), norm->running_mean, shape);
      visit(norm_key(i, "running_var"), norm->running_var, shape);
      ++i;
    }
  }
}

TensorTable tutorial_tensors(const LayerStack& stack) {
  TensorTable tensors;
  visit_tutorial(stack, [&](const std::string& key, const auto& values, const auto& shape) {
    tensors.set(key, from_floats(values, shape));
  });
  return tensors;
}

void store_statistics(const LayerStack& stack, TensorTable& tensors) {
  std::size_t i = 0;
  for (const Layer& layer : stack.layers) {
    const auto* norm = std::get_if<BatchNormLayer>(&layer);
    if (norm == nullptr) continue;
    for (const auto& [leaf, values] :
         {std::pair{"running_mean", &norm->running_mean}, {"running_var", &norm->running_var}}) {
      const std::string key = norm_key(i, leaf);
      const Tensor* old = tensors.find(key);
      const DType dtype = old == nullptr ? DType::Float32 : old->dtype;
      tensors.set(
          key,
          convert_floats(from_floats(*values, {static_cast<std::int64_t>(values->size())}), dtype));
    }
    ++i;
  }
}

}  // namespace facemorph
