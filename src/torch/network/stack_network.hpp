#pragma once

#include "checkpoint/stack/layer_stack.hpp"

#include <torch/types.h>

#include <functional>
#include <map>
#include <variant>
#include <vector>

namespace facemorph {

/// Mean and variance (the unbiased one) of each channel of what went into a batch norm.
struct NormStatistics {
  torch::Tensor mean;
  torch::Tensor variance;
};
/// Of [N, C] or [N, C, H, W], N >= 2.
NormStatistics norm_statistics(const torch::Tensor& values);

/// Layers made ready to run, for networks that share weights. Holds on to those weights.
class OperationCache {
 public:
  using Operation = std::function<torch::Tensor(const torch::Tensor&)>;
  /// The layer's operation, made by `make` when it is asked for the first time.
  Operation find(const Layer& layer, const std::function<Operation()>& make);

 private:
  std::map<std::vector<std::int64_t>, Operation> operations_;
};

/// Runs a LayerStack with LibTorch: the network of the viewer, without modules or gradients.
class StackNetwork {
 public:
  explicit StackNetwork(const LayerStack& stack, torch::Device device = torch::kCPU,
                        OperationCache* cache = nullptr);

  /// Eval mode. latents [N, nz, 1, 1] -> images [N, channels, size, size] in [-1, 1].
  torch::Tensor forward(const torch::Tensor& latents) const;

  /// Train mode: every batch norm uses the batch's own statistics. Needs N >= 2.
  torch::Tensor forward_with_batch_statistics(const torch::Tensor& latents) const;

  /// What goes into the batch norms in train mode, in order.
  std::vector<NormStatistics> batch_statistics(const torch::Tensor& latents) const;

 private:
  struct BatchNorm {  ///< tensors of a BatchNormLayer
    torch::Tensor scale, shift, mean, variance;
    double eps = 1e-5;
  };
  using Operation = OperationCache::Operation;
  using Step = std::variant<Operation, BatchNorm>;
  enum class Mode { Eval, Train };
  torch::Tensor run(const torch::Tensor& latents, Mode mode,
                    std::vector<NormStatistics>* seen = nullptr) const;

  torch::Device device_;
  std::vector<Step> steps_;  ///< one a layer
};

/// The stack with its running statistics replaced by averages over the given batches of latents,
/// as PyTorch gives after reset_running_stats() with momentum None and one training forward per
/// batch (variances are the unbiased ones).
LayerStack recalibrated(const LayerStack& stack, const std::vector<torch::Tensor>& latent_batches,
                        torch::Device device = torch::kCPU);

}  // namespace facemorph
