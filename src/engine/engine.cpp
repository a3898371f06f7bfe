#include "engine/engine.hpp"

#include "base/error.hpp"
#include "engine/cpu_engine.hpp"
#include "engine/torch_engine.hpp"

#include <string>

namespace facemorph {

std::string_view device_name(Device device) {
  return device == Device::Cpu ? "CPU" : "CUDA";
}

void check_latents(std::span<const Latent> latents, int nz) {
  for (const Latent& latent : latents)
    if (latent.size() != static_cast<std::size_t>(nz))
      throw Error("This model takes latents of " + std::to_string(nz) + " values, not " +
                  std::to_string(latent.size()) + ".");
}

std::unique_ptr<Engine> make_engine(const Model& model, const EngineOptions& options) {
  if (options.device == Device::Cpu)
    if (auto engine = make_cpu_engine(model, options)) return engine;
  return make_torch_engine(model, options);
}

}  // namespace facemorph
