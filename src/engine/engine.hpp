#pragma once

#include "cpu/number_format.hpp"
#include "engine/model.hpp"
#include "latent/latent.hpp"
#include "pictures/image.hpp"
#include "torch/network/device.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace facemorph {

std::string_view device_name(Device device);  ///< "CPU", "CUDA"

/// What runs where, for the HUD.
struct EngineInfo {
  std::string backend;  ///< "Facemorph, AVX-512", "LibTorch 1.13.0"
  Device device = Device::Cpu;
  std::string device_text;  ///< "CPU, 2 threads, bf16" or the GPU's name
  NumberFormat format = NumberFormat::Float32;
  int threads = 1;
  int nz = 0;
  int width = 0;
  int height = 0;
  int channels = 3;
};

/// Turns latents into pictures: the only thing that touches the network. Not thread-safe; use it
/// from one thread at a time (AsyncEngine does).
class Engine {
 public:
  virtual ~Engine() = default;
  virtual const EngineInfo& info() const = 0;
  /// One RGBA image per latent, all info().width x info().height; grey models give grey RGBA.
  /// Pixel = round((x + 1) / 2 * 255), clamped; NaN gives 0. Eval mode, no gradients.
  /// Throws Error when a latent's size is not nz, or the back end fails (e.g. CUDA out of memory).
  virtual std::vector<Image> generate(std::span<const Latent> latents) = 0;
};

/// Throws Error for a latent that is not of nz values.
void check_latents(std::span<const Latent> latents, int nz);

struct EngineOptions {
  Device device = Device::Cpu;
  int threads = 0;                                    ///< 0: choose
  std::optional<NumberFormat> format = std::nullopt;  ///< of the fast engine; none: choose
};

/// The engine for a model: on the CPU the fast one for DCGAN generators, LibTorch's for all others.
/// Throws Error when the device is not there, or the processor does not have the format.
std::unique_ptr<Engine> make_engine(const Model& model, const EngineOptions& options = {});

}  // namespace facemorph
