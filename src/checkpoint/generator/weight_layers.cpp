#include "checkpoint/generator/weight_layers.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"
#include "checkpoint/stack/folded_weights.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

constexpr std::size_t kMostParts = 200;
constexpr std::int64_t kLargestKernel = 64;

std::string quoted(const std::string& layer, std::string_view leaf) {
  return "'" + printable(layer.empty() ? std::string(leaf) : layer + "." + std::string(leaf)) + "'";
}

bool is_float(const Tensor& tensor) {
  return tensor.dtype == DType::Float16 || tensor.dtype == DType::BFloat16 ||
         tensor.dtype == DType::Float32 || tensor.dtype == DType::Float64;
}

/// Values without which nothing can be shown.
std::vector<float> finite(const Tensor& tensor, const std::string& name) {
  if (!is_float(tensor))
    throw Error(name + " has the type " + std::string(dtype_name(tensor.dtype)) +
                ". Save the network as float32 or float16.");
  std::vector<float> values = to_floats(tensor);
  if (!std::ranges::all_of(values, [](float v) { return std::isfinite(v); }))
    throw Error(name +
                " holds values that are not finite numbers: the training that wrote this file "
                "broke down. Use an earlier checkpoint.");
  return values;
}

std::vector<float> values_of(const NamedLayer& layer, std::string_view leaf) {
  const Tensor* tensor = layer.find(leaf);
  return tensor == nullptr ? std::vector<float>() : finite(*tensor, quoted(layer.name, leaf));
}

/// Running statistics can be estimated anew, so that any numbers will do.
std::vector<float> statistics_of(const NamedLayer& layer, std::string_view leaf) {
  const Tensor* tensor = layer.find(leaf);
  if (tensor == nullptr) return {};
  if (!is_float(*tensor)) return finite(*tensor, quoted(layer.name, leaf));
  return to_floats(*tensor);
}

const Tensor* find_any(const NamedLayer& layer, std::initializer_list<std::string_view> leaves) {
  for (const std::string_view leaf : leaves)
    if (const Tensor* tensor = layer.find(leaf)) return tensor;
  return nullptr;
}

/// The tensor that gives a multiplying layer its shape.
const Tensor* weight_of(const NamedLayer& layer) {
  for (const std::string_view leaf : {"weight", "weight_orig", "weight_v"}) {
    const Tensor* tensor = layer.find(leaf);
    if (tensor != nullptr && (tensor->shape.size() == 2 || tensor->shape.size() == 4))
      return tensor;
  }
  return nullptr;
}

std::vector<float> folded(const NamedLayer& layer, const Tensor& weight) {
  const auto values = [&](std::string_view leaf) { return values_of(layer, leaf); };
  if (layer.find("weight_orig") != nullptr && layer.find("weight_u") != nullptr)
    return without_spectral_norm(values("weight_orig"), weight.shape, values("weight_u"),
                                 values("weight_v"));
  if (layer.find("weight_g") != nullptr)
    return without_weight_norm(values("weight_v"), weight.shape, values("weight_g"));
  return finite(weight, quoted(layer.name, "weight"));
}

WeightTensor weight_tensor(const NamedLayer& layer, const Tensor& weight) {
  WeightTensor result{layer.name, weight.shape, {}, values_of(layer, "bias")};
  if (std::ranges::any_of(weight.shape, [](std::int64_t side) { return side < 1; }))
    throw Error(quoted(layer.name, "weight") + " has no values.");
  if (weight.shape.size() == 4 &&
      (weight.shape[2] != weight.shape[3] || weight.shape[2] > kLargestKernel))
    throw Error(quoted(layer.name, "weight") + " has a kernel of " +
                std::to_string(weight.shape[2]) + "x" + std::to_string(weight.shape[3]) +
                "; Facemorph opens square ones of up to " + std::to_string(kLargestKernel) + ".");
  result.values = folded(layer, weight);
  return result;
}

NormTensors norm_tensors(const NamedLayer& layer) {
  NormTensors norm{layer.name,
                   0,
                   values_of(layer, "weight"),
                   values_of(layer, "bias"),
                   statistics_of(layer, "running_mean"),
                   statistics_of(layer, "running_var")};
  const Tensor* any = find_any(layer, {"weight", "running_mean", "bias"});
  norm.width = static_cast<int>(any->numel());
  const auto fits = [&](const std::vector<float>& values) {
    return values.empty() || values.size() == static_cast<std::size_t>(norm.width);
  };
  if (!fits(norm.scale) || !fits(norm.shift) || !fits(norm.running_mean) ||
      !fits(norm.running_var) || norm.running_mean.empty() != norm.running_var.empty())
    throw Error("the tensors of '" + printable(layer.name) +
                "' differ in size, so it is not a normalisation.");
  if (norm.scale.empty()) norm.scale.assign(static_cast<std::size_t>(norm.width), 1.0F);
  if (norm.shift.empty()) norm.shift.assign(static_cast<std::size_t>(norm.width), 0.0F);
  return norm;
}

bool is_vector(const Tensor* tensor) {
  return tensor != nullptr && tensor->shape.size() == 1 && tensor->shape[0] > 0;
}

NetworkPart part_of(const NamedLayer& layer) {
  if (const Tensor* weight = weight_of(layer)) return weight_tensor(layer, *weight);
  const Tensor* scale = layer.find("weight");
  const bool has_bias = is_vector(layer.find("bias"));
  if (is_vector(layer.find("running_mean")) || (is_vector(scale) && has_bias))
    return norm_tensors(layer);
  if (is_vector(scale) && !has_bias) return SlopeTensor{layer.name, values_of(layer, "weight")};
  throw Error(quoted(layer.name, layer.leaves.front().first) + " " +
              shape_text(layer.leaves.front().second->shape) +
              " belongs to no layer that Facemorph knows: a custom layer? Save the network as "
              "TorchScript and open that: torch.jit.trace(netG.eval(), z).save(\"netG.pt\")");
}

/// Buffers that say nothing about the pictures.
bool is_idle(const NamedLayer& layer) {
  return std::ranges::all_of(layer.leaves, [](const auto& leaf) {
    return leaf.first == "num_batches_tracked" || leaf.second->numel() == 0;
  });
}

}  // namespace

std::vector<NetworkPart> network_parts(const TensorView& tensors) {
  const std::vector<NamedLayer> layers = layers_of(with_plain_leaves(tensors));
  if (std::ranges::none_of(layers, [](const NamedLayer& layer) { return weight_of(layer); }))
    throw Error(
        "there are tensors in this file, but no layers of a network. Choose the generator's file, "
        "often called netG.pth.");
  std::vector<NetworkPart> parts;
  for (const NamedLayer& layer : layers) {
    if (is_idle(layer)) continue;
    if (parts.size() == kMostParts)
      throw Error("this network has more than 200 layers, which no generator of this kind has.");
    parts.push_back(part_of(layer));
  }
  return parts;
}

}  // namespace facemorph
