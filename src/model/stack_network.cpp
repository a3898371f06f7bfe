#include "model/stack_network.hpp"

#include <c10/core/InferenceMode.h>

namespace facemorph {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

torch::Tensor copy_of(const std::vector<float>& values, std::vector<std::int64_t> shape,
                      torch::Device device) {
  // from_blob only borrows; clone() owns. The const_cast is for its signature.
  return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat32)
      .clone()
      .to(device);
}

torch::Tensor vector_of(const std::vector<float>& values, torch::Device device) {
  return copy_of(values, {static_cast<std::int64_t>(values.size())}, device);
}

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.to(torch::kCPU).to(torch::kFloat32).contiguous();
  return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

}  // namespace

StackNetwork::StackNetwork(const LayerStack& stack, torch::Device device)
    : stack_(stack), device_(device) {
  for (Layer& layer : stack_.layers) {
    if (auto* conv = std::get_if<ConvTranspose2dLayer>(&layer)) {
      convs_.emplace_back(
          copy_of(conv->weight, {conv->in_channels, conv->out_channels, conv->kernel, conv->kernel},
                  device),
          conv->stride, conv->padding);
      conv->weight = {};  // kept as a tensor now
    } else if (const auto* norm = std::get_if<BatchNorm2dLayer>(&layer)) {
      norms_.push_back({vector_of(norm->scale, device), vector_of(norm->shift, device),
                        vector_of(norm->running_mean, device),
                        vector_of(norm->running_var, device)});
    }
  }
}

torch::Tensor StackNetwork::run(const torch::Tensor& latents, bool batch_statistics,
                                std::vector<Statistics>* seen) const {
  const c10::InferenceMode inference;
  torch::Tensor x = latents.to(device_);
  std::size_t conv_index = 0;
  std::size_t norm_index = 0;
  const auto convolve = [&](const ConvTranspose2dLayer&) { x = convs_[conv_index++](x); };
  const auto normalise = [&](const BatchNorm2dLayer& layer) {
    const Normalisation& norm = norms_[norm_index++];
    if (seen != nullptr) {
      const auto [variance, mean] = torch::var_mean(x, {0, 2, 3}, /*unbiased=*/true);
      seen->push_back({mean, variance});
    }
    x = torch::batch_norm(x, norm.scale, norm.shift, batch_statistics ? torch::Tensor() : norm.mean,
                          batch_statistics ? torch::Tensor() : norm.variance, batch_statistics, 0.0,
                          layer.eps, false);
  };
  for (const Layer& layer : stack_.layers)
    std::visit(Overloaded{convolve, normalise, [&](const ReluLayer&) { x = torch::relu_(x); },
                          [&](const TanhLayer&) { x = torch::tanh_(x); }},
               layer);
  return x;
}

torch::Tensor StackNetwork::forward(const torch::Tensor& latents) const {
  return run(latents, false, nullptr);
}

torch::Tensor StackNetwork::forward_with_batch_statistics(const torch::Tensor& latents) const {
  return run(latents, true, nullptr);
}

LayerStack StackNetwork::recalibrated(const std::vector<torch::Tensor>& latent_batches) const {
  std::vector<Statistics> sums(norms_.size());
  for (const torch::Tensor& batch : latent_batches) {
    std::vector<Statistics> seen;
    run(batch, true, &seen);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].mean = sums[i].mean.defined() ? sums[i].mean + seen[i].mean : seen[i].mean;
      sums[i].variance =
          sums[i].variance.defined() ? sums[i].variance + seen[i].variance : seen[i].variance;
    }
  }
  LayerStack result = stack_;
  std::size_t conv_index = 0;
  std::size_t norm_index = 0;
  const auto batches = static_cast<double>(latent_batches.size());
  for (Layer& layer : result.layers) {
    if (auto* conv = std::get_if<ConvTranspose2dLayer>(&layer)) {
      conv->weight = values_of(convs_[conv_index++].weight());
    } else if (auto* norm = std::get_if<BatchNorm2dLayer>(&layer)) {
      norm->running_mean = values_of(sums[norm_index].mean / batches);
      norm->running_var = values_of(sums[norm_index++].variance / batches);
    }
  }
  return result;
}

}  // namespace facemorph
