#include "torch/network/stack_network.hpp"

#include "torch/network/stack_operations.hpp"

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/batch_norm_update_stats.h>
#include <c10/core/InferenceMode.h>

namespace facemorph {
namespace {

/// Whether a layer's result is a tensor of its own, which the next may change in place.
bool makes_new_tensor(const Layer& layer, bool input_is_new) {
  if (std::holds_alternative<ReshapeLayer>(layer) || std::holds_alternative<LatentLayer>(layer) ||
      std::holds_alternative<ActivationLayer>(layer))
    return input_is_new;
  return true;
}

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.to(torch::kCPU).to(torch::kFloat32).contiguous();
  return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

/// Tells layers with large weights apart without looking at the numbers; empty for others, which
/// cost nothing to make.
std::vector<std::int64_t> identity(const Layer& layer) {
  const auto address = [](const Weights& weights) {
    return static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(weights.data()));
  };
  if (const auto* conv = std::get_if<ConvTranspose2dLayer>(&layer))
    return {address(conv->weight), conv->stride, conv->padding, conv->output_padding};
  if (const auto* conv = std::get_if<Conv2dLayer>(&layer))
    return {address(conv->weight), conv->stride, conv->padding, conv->reflect ? 1 : 0, 0};
  if (const auto* linear = std::get_if<LinearLayer>(&layer)) return {address(linear->weight)};
  return {};
}

}  // namespace

NormStatistics norm_statistics(const torch::Tensor& values) {
  const auto count = static_cast<double>(values.numel()) / static_cast<double>(values.size(1));
  const auto [mean, biased] = at::batch_norm_update_stats(values, {}, {}, 0);
  return {mean, biased * (count / (count - 1))};
}

OperationCache::Operation OperationCache::find(const Layer& layer,
                                               const std::function<Operation()>& make) {
  const std::vector<std::int64_t> key = identity(layer);
  if (key.empty()) return make();
  Operation& operation = operations_[key];
  if (!operation) operation = make();
  return operation;
}

StackNetwork::StackNetwork(const LayerStack& stack, torch::Device device, OperationCache* cache)
    : device_(device) {
  bool new_tensor = false;
  const auto operation = [&](const Layer& layer, bool may_overwrite) {
    const auto make = [&] { return stack_operation(layer, device_, may_overwrite); };
    return cache == nullptr ? make() : cache->find(layer, make);
  };
  for (const Layer& layer : stack.layers) {
    if (const auto* norm = std::get_if<BatchNormLayer>(&layer))
      steps_.emplace_back(BatchNorm{vector_tensor(norm->scale, device),
                                    vector_tensor(norm->shift, device),
                                    vector_tensor(norm->running_mean, device),
                                    vector_tensor(norm->running_var, device), norm->eps});
    else
      steps_.emplace_back(operation(layer, new_tensor));
    new_tensor = makes_new_tensor(layer, new_tensor);
  }
}

torch::Tensor StackNetwork::run(const torch::Tensor& latents, Mode mode,
                                std::vector<NormStatistics>* seen) const {
  const c10::InferenceMode inference;
  torch::Tensor x = latents.to(device_);
  for (const Step& step : steps_) {
    if (const auto* operation = std::get_if<Operation>(&step)) {
      x = (*operation)(x);
      continue;
    }
    const auto& norm = std::get<BatchNorm>(step);
    if (seen != nullptr) seen->push_back(norm_statistics(x));
    const bool own = mode == Mode::Train || !norm.mean.defined();
    x = at::batch_norm(x, norm.scale, norm.shift, own ? torch::Tensor() : norm.mean,
                       own ? torch::Tensor() : norm.variance, own, 0.0, norm.eps, false);
  }
  return x;
}

torch::Tensor StackNetwork::forward(const torch::Tensor& latents) const {
  return run(latents, Mode::Eval);
}

torch::Tensor StackNetwork::forward_with_batch_statistics(const torch::Tensor& latents) const {
  return run(latents, Mode::Train);
}

std::vector<NormStatistics> StackNetwork::batch_statistics(const torch::Tensor& latents) const {
  std::vector<NormStatistics> seen;
  run(latents, Mode::Train, &seen);
  return seen;
}

LayerStack recalibrated(const LayerStack& stack, const std::vector<torch::Tensor>& latent_batches,
                        torch::Device device) {
  const StackNetwork network(stack, device);
  std::vector<NormStatistics> sums;
  for (const torch::Tensor& batch : latent_batches) {
    const std::vector<NormStatistics> seen = network.batch_statistics(batch);
    if (sums.empty()) {
      sums = seen;
      continue;
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].mean = sums[i].mean + seen[i].mean;
      sums[i].variance = sums[i].variance + seen[i].variance;
    }
  }
  LayerStack result = stack;
  std::size_t index = 0;
  const auto batches = static_cast<double>(latent_batches.size());
  for (Layer& layer : result.layers)
    if (auto* norm = std::get_if<BatchNormLayer>(&layer)) {
      norm->running_mean = values_of(sums[index].mean / batches);
      norm->running_var = values_of(sums[index++].variance / batches);
    }
  return result;
}

}  // namespace facemorph
