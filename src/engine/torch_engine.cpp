#include "engine/torch_engine.hpp"

#include "base/error.hpp"
#include "engine/hardware.hpp"
#include "model/images.hpp"
#include "model/script_network.hpp"
#include "model/stack_network.hpp"
#include "model/torch_errors.hpp"
#include "model/torch_threads.hpp"

#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/utils.h>
#include <torch/version.h>

#include <algorithm>
#include <optional>
#include <variant>

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

torch::Tensor to_tensor(std::span<const Latent> latents, int nz) {
  torch::Tensor tensor = torch::empty({static_cast<std::int64_t>(latents.size()), nz, 1, 1});
  float* out = tensor.data_ptr<float>();
  for (const Latent& latent : latents) {
    if (latent.size() != static_cast<std::size_t>(nz))
      throw Error("This model takes latents of " + std::to_string(nz) + " values, not " +
                  std::to_string(latent.size()) + ".");
    out = std::copy(latent.begin(), latent.end(), out);
  }
  return tensor;
}

using Network = std::variant<StackNetwork, ScriptNetwork>;

Network make_network(const Model& model, torch::Device device) {
  if (model.network) return StackNetwork(model.network->stack, device);
  return ScriptNetwork(model.torchscript, model.arch.nz, device);
}

EngineInfo describe(const Model& model, const EngineOptions& options) {
  EngineInfo info;
  info.backend = "LibTorch " TORCH_VERSION;
  info.device = options.device;
  info.threads = options.device == Device::Cpu ? choose_threads(options.threads) : 1;
  info.device_text =
      options.device == Device::Cuda
          ? gpu_name()
          : "CPU, " + std::to_string(info.threads) + (info.threads == 1 ? " thread" : " threads");
  info.nz = model.arch.nz;
  info.width = info.height = model.arch.image_size;
  info.channels = model.arch.nc;
  return info;
}

class TorchEngine : public Engine {
 public:
  TorchEngine(std::shared_ptr<const Model> model, const EngineOptions& options)
      : network_(make_network(*model, torch_device(options.device))),
        info_(describe(*model, options)) {}

  const EngineInfo& info() const override { return info_; }

  std::vector<Image> generate(std::span<const Latent> latents) override {
    if (latents.empty()) return {};
    const c10::InferenceMode inference;  // per thread, and the caller's thread may be any
    if (info_.device == Device::Cpu) use_threads(info_.threads);
    return with_plain_errors("The network failed", [&] {
      const torch::Tensor input = to_tensor(latents, info_.nz);
      return to_images(std::visit([&](auto& network) { return network.forward(input); }, network_));
    });
  }

 private:
  Network network_;
  EngineInfo info_;
};

}  // namespace

bool cuda_available() {
  return torch::cuda::is_available();
}

std::unique_ptr<Engine> make_torch_engine(std::shared_ptr<const Model> model,
                                          const EngineOptions& options) {
  return with_plain_errors("The model cannot run here", [&] {
    return std::make_unique<TorchEngine>(std::move(model), options);
  });
}

}  // namespace facemorph
