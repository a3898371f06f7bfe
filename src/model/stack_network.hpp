#pragma once

#include "checkpoint/layer_stack.hpp"
#include "model/transposed_convolution.hpp"

#include <torch/types.h>

#include <vector>

namespace facemorph {

/// Runs a LayerStack with LibTorch: the network of the viewer, without modules or gradients.
class StackNetwork {
 public:
  explicit StackNetwork(const LayerStack& stack, torch::Device device = torch::kCPU);

  /// Eval mode. latents [N, nz, 1, 1] -> images [N, channels, size, size] in [-1, 1].
  torch::Tensor forward(const torch::Tensor& latents) const;

  /// Train mode: every batch norm uses the batch's own statistics. Needs N >= 2.
  torch::Tensor forward_with_batch_statistics(const torch::Tensor& latents) const;

  /// The stack with its running statistics replaced by averages over the given batches of
  /// latents, as PyTorch gives after reset_running_stats() with momentum None and one training
  /// forward per batch (variances are the unbiased ones).
  LayerStack recalibrated(const std::vector<torch::Tensor>& latent_batches) const;

 private:
  struct Normalisation {  ///< tensors of a BatchNorm2dLayer
    torch::Tensor scale, shift, mean, variance;
  };
  struct Statistics {
    torch::Tensor mean, variance;
  };
  torch::Tensor run(const torch::Tensor& latents, bool batch_statistics,
                    std::vector<Statistics>* seen) const;

  LayerStack stack_;
  torch::Device device_;
  std::vector<TransposedConvolution> convs_;  ///< in order
  std::vector<Normalisation> norms_;          ///< in order
};

}  // namespace facemorph
