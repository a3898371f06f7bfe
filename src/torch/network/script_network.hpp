#pragma once

#include <torch/csrc/jit/api/module.h>
#include <torch/types.h>

#include <cstddef>
#include <span>

namespace facemorph {

/// A TorchScript generator that has been checked and may be run.
class ScriptNetwork {
 public:
  /// Loads an archive for `device`. A script is a program by a stranger: see clean_script_archive
  /// and check_script_graph for what is refused; memory is limited. Finds out by running it on one
  /// latent which shape it takes and what it gives. Throws Error.
  ScriptNetwork(std::span<const std::byte> archive, int nz, torch::Device device);

  /// latents [N, nz, 1, 1] -> images [N, channels, size, size].
  torch::Tensor forward(const torch::Tensor& latents);

  bool takes_flat_latents() const { return flat_latents_; }  ///< [N, nz]
  int channels() const { return channels_; }
  int image_size() const { return image_size_; }

 private:
  torch::Tensor call(const torch::Tensor& latents);
  void find_input_shape(int nz);
  void check_output(const torch::Tensor& image);

  torch::Device device_;
  torch::jit::Module module_;
  bool flat_latents_ = false;
  bool one_by_one_ = false;  ///< a batch of one was traced into it
  int channels_ = 0;
  int image_size_ = 0;
};

}  // namespace facemorph
