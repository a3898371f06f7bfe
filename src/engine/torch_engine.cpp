#include "engine/torch_engine.hpp"

#include "base/hardware.hpp"
#include "torch/network/torch_network.hpp"

namespace facemorph {
namespace {

EngineInfo describe(const Model& model, const EngineOptions& options) {
  EngineInfo info;
  info.backend = "LibTorch " + libtorch_version();
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
  TorchEngine(const Model& model, const EngineOptions& options)
      : info_(describe(model, options)), network_(open(model)) {}

  const EngineInfo& info() const override { return info_; }

  std::vector<Image> generate(std::span<const Latent> latents) override {
    check_latents(latents, info_.nz);
    if (latents.empty()) return {};
    return network_->pictures(latents);
  }

 private:
  std::unique_ptr<TorchNetwork> open(const Model& model) const {
    const TorchPlace place{info_.device, info_.threads};
    if (model.network) return open_stack(model.network->stack, place);
    return open_script(model.torchscript, model.arch.nz, place);
  }

  EngineInfo info_;
  std::unique_ptr<TorchNetwork> network_;
};

}  // namespace

std::unique_ptr<Engine> make_torch_engine(const Model& model, const EngineOptions& options) {
  return std::make_unique<TorchEngine>(model, options);
}

}  // namespace facemorph
