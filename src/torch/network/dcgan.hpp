#pragma once

#include "checkpoint/generator/generator.hpp"

#include <torch/nn.h>

namespace facemorph {

/// DCGAN generator (Radford et al. 2015, fig. 1; PyTorch DCGAN faces tutorial): latent
/// [N, nz, 1, 1] -> image [N, nc, size, size] in [-1, 1]. State-dict keys main.0.weight … as in
/// the tutorial. Initialised as there: N(0, 0.02) convolutions, N(1, 0.02) batch-norm scales.
class GeneratorImpl : public torch::nn::Module {
 public:
  explicit GeneratorImpl(const GeneratorArch& arch);
  torch::Tensor forward(const torch::Tensor& latent);
  const GeneratorArch& arch() const { return arch_; }

 private:
  GeneratorArch arch_;
  torch::nn::Sequential main_;
};
TORCH_MODULE(Generator);

struct DiscriminatorArch {
  int ndf = 64;            ///< feature maps after the first layer
  int nc = 3;              ///< image channels
  int image_size = 64;     ///< 32, 64, 128 or 256
  bool batch_norm = true;  ///< as in the tutorial; without it the convolutions have biases
};

/// The generator's mirror: image [N, nc, size, size] -> probability of being real [N, 1, 1, 1].
/// Strided convolutions, LeakyReLU(0.2), batch norm from the second layer on, sigmoid.
class DiscriminatorImpl : public torch::nn::Module {
 public:
  explicit DiscriminatorImpl(const DiscriminatorArch& arch);
  torch::Tensor forward(const torch::Tensor& image);
  /// The same before the sigmoid.
  torch::Tensor forward_logits(const torch::Tensor& image);

 private:
  torch::nn::Sequential main_;
};
TORCH_MODULE(Discriminator);

/// A module's parameters and buffers under their state-dict names, in state-dict order, on CPU.
TensorTable to_table(const torch::nn::Module& module);

/// Fills a module's parameters and buffers. Throws Error that names the first key that is missing,
/// unexpected or of another shape, and then changes nothing; missing num_batches_tracked is fine.
void from_table(torch::nn::Module& module, const TensorTable& tensors);

torch::Tensor to_torch(const Tensor& tensor);
Tensor from_torch(const torch::Tensor& tensor);

}  // namespace facemorph
