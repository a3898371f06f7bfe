#pragma once

#include "checkpoint/stack/layer_stack.hpp"
#include "pictures/feature_maps.hpp"
#include "pictures/image.hpp"
#include "torch/network/device.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

// What LibTorch runs, without its headers. Everything here throws Error with LibTorch's reason.

namespace facemorph {

/// A network that LibTorch runs, in eval mode and without gradients. Not thread-safe.
class TorchNetwork {
 public:
  virtual ~TorchNetwork() = default;
  /// One RGBA picture a latent: round((x + 1) / 2 * 255), NaN gives 0. All latents of nz values.
  virtual std::vector<Image> pictures(std::span<const std::vector<float>> latents) = 0;
  /// What comes out of the last layer, as it is.
  virtual FeatureMaps values(std::span<const std::vector<float>> latents) = 0;
};

/// Where a network runs, and with how many threads on a CPU.
struct TorchPlace {
  Device device = Device::Cpu;
  int threads = 1;
};

/// Any layer stack.
std::unique_ptr<TorchNetwork> open_stack(const LayerStack& stack, const TorchPlace& place);

/// A TorchScript program by a stranger; see ScriptNetwork for what is refused.
std::unique_ptr<TorchNetwork> open_script(std::span<const std::byte> archive, int nz,
                                          const TorchPlace& place);

/// What one run of a TorchScript program tells.
struct ScriptFacts {
  int channels = 0;
  int image_size = 0;
  bool flat_latent = false;  ///< it takes [N, nz] instead of [N, nz, 1, 1]
};
ScriptFacts script_facts(std::span<const std::byte> archive, int nz);

/// Pictures in train mode: every batch norm uses the statistics of these latents. Needs two.
std::vector<Image> torch_batch_pictures(const LayerStack& stack,
                                        std::span<const std::vector<float>> latents, int threads);

/// The stack with running statistics estimated from `samples` random latents (those of the seeds
/// from first_seed on), in batches of 64; see recalibrated() in stack_network.hpp.
LayerStack reestimated(const LayerStack& stack, int samples, std::uint64_t first_seed, int threads);

/// "1.13.0"
std::string libtorch_version();

}  // namespace facemorph
