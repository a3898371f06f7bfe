#include "engine/engine.hpp"

#include "base/error.hpp"
#include "engine/cpu_engine.hpp"
#include "engine/torch_engine.hpp"

#include <link.h>

#include <filesystem>
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

std::string backend_warning() {
  // Debian's LibTorch calls whatever libblas.so.3 is; the reference one is 12 times slower.
  struct Seen {
    bool reference = false;
    bool fast = false;
  } seen;
  dl_iterate_phdr(
      [](dl_phdr_info* library, std::size_t, void* data) {
        auto& found = *static_cast<Seen*>(data);
        std::error_code ignored;
        const auto real = std::filesystem::canonical(library->dlpi_name, ignored).string();
        if (real.find("openblas") != std::string::npos || real.find("mkl") != std::string::npos ||
            real.find("blis") != std::string::npos)
          found.fast = true;
        else if (real.find("/blas/libblas.so") != std::string::npos)
          found.reference = true;
        return 0;
      },
      &seen);
  if (!seen.reference || seen.fast) return {};
  return "LibTorch is linked to the reference BLAS, which makes training, and networks that are no "
         "DCGAN generators, about 12 times slower. "
         "Install OpenBLAS: "
         "apt-get install libopenblas0-pthread";
}

}  // namespace facemorph
