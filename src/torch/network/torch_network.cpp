#include "torch/network/torch_network.hpp"

#include "torch/network/images.hpp"
#include "torch/network/latent_tensor.hpp"
#include "torch/network/script_network.hpp"
#include "torch/network/stack_network.hpp"
#include "torch/network/torch_errors.hpp"
#include "torch/network/torch_threads.hpp"

#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/utils.h>
#include <torch/version.h>

#include <algorithm>

namespace facemorph {
namespace {

torch::Device torch_device(Device device) {
  if (device == Device::Cpu) return torch::kCPU;
  if (!torch::cuda::is_available())
    throw Error(
        "CUDA is not available: this LibTorch has none, or it sees no GPU. Use the CPU "
        "(--device cpu), or build against a CUDA LibTorch (CMAKE_PREFIX_PATH=/path/to/libtorch "
        "./dev build).");
  return torch::kCUDA;
}

FeatureMaps to_maps(const torch::Tensor& values) {
  const torch::Tensor flat = values.to(torch::kCPU, torch::kFloat32).contiguous();
  const float* data = flat.data_ptr<float>();
  const auto extent = [&](std::int64_t dimension) {
    return flat.dim() > dimension ? static_cast<int>(flat.size(dimension)) : 1;
  };
  return {static_cast<std::size_t>(flat.size(0)),
          extent(1),
          extent(2),
          extent(3),
          {data, data + flat.numel()}};
}

template <typename Network>
class RunningNetwork : public TorchNetwork {
 public:
  RunningNetwork(Network network, const TorchPlace& place)
      : network_(std::move(network)), place_(place) {}

  std::vector<Image> pictures(std::span<const std::vector<float>> latents) override {
    return run(latents, to_images);
  }
  FeatureMaps values(std::span<const std::vector<float>> latents) override {
    return run(latents, to_maps);
  }

 private:
  template <typename Convert>
  auto run(std::span<const std::vector<float>> latents, Convert convert) {
    const c10::InferenceMode inference;  // per thread, and the caller's thread may be any
    if (place_.device == Device::Cpu) use_threads(place_.threads);
    return with_plain_errors("The network failed",
                             [&] { return convert(network_.forward(latent_tensor(latents))); });
  }

  Network network_;
  TorchPlace place_;
};

template <typename Network, typename... Arguments>
std::unique_ptr<TorchNetwork> open_network(const TorchPlace& place, const Arguments&... arguments) {
  return with_plain_errors("The model cannot run here", [&] {
    return std::make_unique<RunningNetwork<Network>>(
        Network(arguments..., torch_device(place.device)), place);
  });
}

}  // namespace

bool cuda_available() {
  return torch::cuda::is_available();
}

std::unique_ptr<TorchNetwork> open_stack(const LayerStack& stack, const TorchPlace& place) {
  return open_network<StackNetwork>(place, stack);
}

std::unique_ptr<TorchNetwork> open_script(std::span<const std::byte> archive, int nz,
                                          const TorchPlace& place) {
  return open_network<ScriptNetwork>(place, archive, nz);
}

ScriptFacts script_facts(std::span<const std::byte> archive, int nz) {
  const ScriptNetwork network(archive, nz, torch::kCPU);
  return {network.channels(), network.image_size(), network.takes_flat_latents()};
}

std::vector<Image> torch_batch_pictures(const LayerStack& stack,
                                        std::span<const std::vector<float>> latents, int threads) {
  use_threads(threads);
  return with_plain_errors("The network cannot run", [&] {
    return to_images(StackNetwork(stack).forward_with_batch_statistics(latent_tensor(latents)));
  });
}

LayerStack reestimated(const LayerStack& stack, int samples, std::uint64_t first_seed,
                       int threads) {
  constexpr int kBatch = 64;
  use_threads(threads);
  return with_plain_errors("Batch norm cannot be estimated", [&] {
    std::vector<torch::Tensor> batches;
    for (int start = 0; start < samples; start += kBatch)
      batches.push_back(
          random_latents(kBatch, stack.nz, first_seed + static_cast<std::uint64_t>(start)));
    return recalibrated(stack, batches);
  });
}

std::string libtorch_version() {
  return TORCH_VERSION;
}

}  // namespace facemorph
