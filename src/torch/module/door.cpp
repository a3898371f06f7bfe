#include "base/error.hpp"
#include "torch/module/build_id.hpp"
#include "torch/module/services.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <string>
#include <string_view>

// The functions of the LibTorch rooms as the program has them: each loads the module if need be and
// calls the function of the same name in it.

namespace facemorph {
namespace {

[[noreturn]] void fail(const std::string& reason) {
  throw Error("This needs LibTorch, and the part of Facemorph that uses it could not be loaded: " +
              reason + ". Install LibTorch (apt-get install libtorch-dev) or build again.");
}

const TorchServices& load() {
  void* const module = ::dlopen(kTorchModuleFile, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) fail(::dlerror());
  const auto* services = static_cast<const TorchServices*>(::dlsym(module, kTorchServicesName));
  if (services == nullptr) fail(::dlerror());
  if (std::string_view(services->build) != kBuildId)
    fail(std::string(kTorchModuleFile) + " is of another build");
  return *services;
}

/// Loaded at the first call, by any thread, and for good: LibTorch cannot be unloaded. After a
/// failure the next call tries again.
const TorchServices& torch() {
  static const TorchServices& services = load();
  return services;
}

/// Whether there is the device of a driver that LibTorch knows: NVIDIA's, WSL's, Jetson's, ROCm's
/// (which it calls CUDA, too).
bool sees_gpu() {
  for (const char* device : {"/dev/nvidiactl", "/dev/dxg", "/dev/nvhost-gpu", "/dev/kfd"}) {
    std::error_code ignored;
    if (std::filesystem::exists(device, ignored)) return true;
  }
  return false;
}

}  // namespace

bool cuda_available() {
  return FACEMORPH_TORCH_HAS_CUDA && sees_gpu() && torch().cuda_available();
}

std::string libtorch_version() {
  return torch().libtorch_version();
}

std::unique_ptr<TorchNetwork> open_stack(const LayerStack& stack, const TorchPlace& place) {
  return torch().open_stack(stack, place);
}

std::unique_ptr<TorchNetwork> open_script(std::span<const std::byte> archive, int nz,
                                          const TorchPlace& place) {
  return torch().open_script(archive, nz, place);
}

ScriptFacts script_facts(std::span<const std::byte> archive, int nz) {
  return torch().script_facts(archive, nz);
}

std::vector<Image> torch_batch_pictures(const LayerStack& stack,
                                        std::span<const std::vector<float>> latents, int threads) {
  return torch().torch_batch_pictures(stack, latents, threads);
}

LayerStack reestimated(const LayerStack& stack, int samples, std::uint64_t first_seed,
                       int threads) {
  return torch().reestimated(stack, samples, first_seed, threads);
}

std::vector<std::byte> to_torchscript(const LayerStack& stack) {
  return torch().to_torchscript(stack);
}

Certainties choose_reading(OpenedGenerator& generator, const Assumptions& fixed) {
  return torch().choose_reading(generator, fixed);
}

void run_training(const RunRequest& request, RunControl& control,
                  const std::function<void(const TrainEvent&)>& on_event) {
  torch().run_training(request, control, on_event);
}

double training_speed(const TrainConfig& config, const std::shared_ptr<const DataSet>& pictures,
                      double seconds) {
  return torch().training_speed(config, pictures, seconds);
}

std::vector<Image> preview_pictures(const std::shared_ptr<const DataSet>& pictures,
                                    const TrainConfig& config, std::uint64_t round, int count) {
  return torch().preview_pictures(pictures, config, round, count);
}

Scores score_generator(const LayerStack& stack, const DataSet& pictures, std::size_t count,
                       std::uint64_t seed, const std::stop_token& stop) {
  return torch().score_generator(stack, pictures, count, seed, stop);
}

Scores score_halves(const DataSet& pictures, std::size_t count, std::uint64_t seed,
                    const std::stop_token& stop) {
  return torch().score_halves(pictures, count, seed, stop);
}

}  // namespace facemorph
