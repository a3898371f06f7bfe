#include "engine/cpu_engine.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"
#include "cpu/cpu_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace facemorph {
namespace {

constexpr int kTried = 16;  // faces

CpuNetwork choose_network(const DcganStages& stages, std::optional<NumberFormat> asked,
                          WorkerPool& pool) {
  const Kernels* half = best_kernels(NumberFormat::BFloat16);
  if (asked == NumberFormat::BFloat16) {
    if (half == nullptr) throw Error("This processor does not compute in bfloat16; use fp32.");
    return {stages, *half};
  }
  const Kernels& exact = *best_kernels(NumberFormat::Float32);
  if (asked || half == nullptr) return {stages, exact};
  const std::vector<Latent> latents = seed_latents(0, kTried, stages.nz);
  const std::vector<Image> expected = CpuNetwork::generate_once(stages, exact, latents, pool);
  CpuNetwork rough(stages, *half);
  if (agrees(picture_error(rough.generate(latents, pool), expected))) return rough;
  return {stages, exact};
}

class CpuEngine : public Engine {
 public:
  CpuEngine(const DcganStages& stages, const EngineOptions& options)
      : pool_(choose_threads(options.threads)),
        network_(choose_network(stages, options.format, pool_)) {
    const Kernels& kernels = network_.kernels();
    info_.backend = std::string("Facemorph, ") + kernels.name;
    info_.format = kernels.bfloat16 ? NumberFormat::BFloat16 : NumberFormat::Float32;
    info_.threads = pool_.threads();
    info_.device_text = "CPU, " + std::to_string(info_.threads) +
                        (info_.threads == 1 ? " thread, " : " threads, ") +
                        std::string(name_of(info_.format));
    info_.nz = stages.nz;
    info_.width = info_.height = stages.image_size;
    info_.channels = stages.channels;
  }

  const EngineInfo& info() const override { return info_; }

  std::vector<Image> generate(std::span<const Latent> latents) override {
    check_latents(latents, info_.nz);
    return network_.generate(latents, pool_);
  }

 private:
  WorkerPool pool_;
  CpuNetwork network_;
  EngineInfo info_;
};

}  // namespace

PictureError picture_error(const std::vector<Image>& a, const std::vector<Image>& b) {
  std::array<std::size_t, 256> histogram{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t at = 0; at < a[i].rgba.size(); ++at) {
      if (at % 4 == 3) continue;
      ++histogram[static_cast<std::size_t>(std::abs(a[i].rgba[at] - b[i].rgba[at]))];
      ++count;
    }
  PictureError error;
  double squares = 0;
  std::size_t below = 0;
  for (std::size_t level = 0; level < histogram.size(); ++level) {
    const auto share = static_cast<double>(histogram[level]) / static_cast<double>(count);
    const auto size = static_cast<double>(level);
    error.mean += share * size;
    squares += share * size * size;
    if (static_cast<double>(below) < 0.999 * static_cast<double>(count))
      error.most = static_cast<int>(level);
    below += histogram[level];
  }
  error.psnr = squares > 0 ? 10 * std::log10(255.0 * 255.0 / squares)
                           : std::numeric_limits<double>::infinity();
  return error;
}

bool agrees(const PictureError& error) {
  return error.mean < 0.5 && error.most <= 3 && error.psnr > 45;
}

std::unique_ptr<Engine> make_cpu_engine(const Model& model, const EngineOptions& options) {
  if (!model.network) return nullptr;
  const std::optional<DcganStages> stages = dcgan_stages(model.network->stack);
  if (!stages) return nullptr;
  return std::make_unique<CpuEngine>(*stages, options);
}

}  // namespace facemorph
