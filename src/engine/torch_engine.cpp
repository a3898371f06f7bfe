#include "engine/torch_engine.hpp"

#include "base/error.hpp"
#include "model/script_network.hpp"
#include "model/stack_network.hpp"
#include "model/torch_errors.hpp"

#include <torch/torch.h>

#include <dlfcn.h>

#include <algorithm>
#include <thread>

namespace facemorph {
namespace {

/// More threads than this only wait for each other on networks this small.
constexpr int kMaxThreads = 8;

int chosen_threads(int asked) {
  if (asked > 0) return asked;
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMaxThreads);
}

/// OpenBLAS keeps threads of its own, which LibTorch does not govern; beside them LibTorch's OpenMP
/// threads only get in the way (measured: 2.3 ms a face against 3.4). Other BLAS libraries follow
/// LibTorch's setting. Per thread, so it is checked on every call.
void use_threads(int threads) {
  using SetThreads = void (*)(int);
  static const auto set_openblas =
      reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set_openblas != nullptr) set_openblas(threads);
  const int own = set_openblas != nullptr ? 1 : threads;
  if (torch::get_num_threads() != own) torch::set_num_threads(own);
}

torch::Device torch_device(Device device) {
  if (device == Device::Cpu) return torch::kCPU;
  if (!torch::cuda::is_available())
    throw Error(
        "CUDA is not available: this LibTorch has none, or it sees no GPU. Use the CPU (--device "
        "cpu), or "
        "build against a CUDA LibTorch (CMAKE_PREFIX_PATH=/path/to/libtorch ./dev build).");
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

/// [N, 1|3, H, W] in [-1, 1] to RGBA8 images.
std::vector<Image> to_images(const torch::Tensor& batch) {
  const torch::Tensor bytes = batch.to(torch::kFloat32)
                                  .add(1.0)
                                  .mul_(127.5)
                                  .nan_to_num_(0.0, 255.0, 0.0)
                                  .round_()
                                  .clamp_(0, 255)
                                  .to(torch::kUInt8)
                                  .to(torch::kCPU)
                                  .contiguous();
  const auto channels = static_cast<std::size_t>(bytes.size(1));
  const auto plane = static_cast<std::size_t>(bytes.size(2) * bytes.size(3));
  std::vector<Image> images;
  const std::uint8_t* source = bytes.data_ptr<std::uint8_t>();
  for (std::int64_t n = 0; n < bytes.size(0); ++n, source += channels * plane) {
    Image image{static_cast<int>(bytes.size(3)), static_cast<int>(bytes.size(2)),
                std::vector<std::uint8_t>(plane * 4)};
    for (std::size_t i = 0; i < plane; ++i) {
      for (std::size_t c = 0; c < 3; ++c)
        image.rgba[i * 4 + c] = source[(channels == 3 ? c : 0) * plane + i];
      image.rgba[i * 4 + 3] = 255;
    }
    images.push_back(std::move(image));
  }
  return images;
}

class TorchEngine : public Engine {
 public:
  TorchEngine(std::shared_ptr<const Model> model, const EngineOptions& options)
      : model_(std::move(model)), device_(torch_device(options.device)) {
    if (model_->network)
      stack_.emplace(model_->network->stack, device_);
    else
      script_ = load_script(model_->torchscript, model_->arch.nz, device_);
    info_.backend = "LibTorch " TORCH_VERSION;
    info_.device = options.device;
    info_.threads = options.device == Device::Cpu ? chosen_threads(options.threads) : 1;
    info_.device_text = options.device == Device::Cuda
                            ? "CUDA GPU"
                            : "CPU, " + std::to_string(info_.threads) +
                                  (info_.threads == 1 ? " thread" : " threads");
    info_.nz = model_->arch.nz;
    info_.width = info_.height = model_->arch.image_size;
    info_.channels = model_->arch.nc;
  }

  const EngineInfo& info() const override { return info_; }

  std::vector<Image> generate(std::span<const Latent> latents) override {
    if (latents.empty()) return {};
    const torch::NoGradGuard no_grad;  // per thread, and the caller's thread may be any
    if (info_.device == Device::Cpu) use_threads(info_.threads);
    return with_plain_errors("The network failed",
                             [&] { return to_images(run(to_tensor(latents, info_.nz))); });
  }

 private:
  torch::Tensor run(const torch::Tensor& latents) {
    if (stack_) return stack_->forward(latents);
    const torch::Tensor input = script_.flat_latent ? latents.flatten(1) : latents;
    return script_.module.forward({input.to(device_)}).toTensor();
  }

  std::shared_ptr<const Model> model_;
  torch::Device device_;
  std::optional<StackNetwork> stack_;
  ScriptNetwork script_;
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
