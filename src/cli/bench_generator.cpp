#include "cli/bench_generator.hpp"

#include "cli/bench_peers.hpp"
#include "cli/median.hpp"
#include "cpu/ceilings.hpp"
#include "cpu/dcgan_stages.hpp"
#include "cpu/instruction_set.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::size_t, 4> kBatches = {1, 8, 24, 64};

/// Whether it has the tutorial's keys, and so can be loaded by its script.
bool is_tutorial(const Model& model) {
  const auto tensors = [&](const char* name) {
    return model.network->tensors.find(name) != nullptr;
  };
  return model.network && tensors("main.0.weight") && tensors("main.1.running_var") &&
         model.arch.ngf > 0 && model.recalibrated == false;
}

/// Operations a face, and bytes of weights.
struct Work {
  double operations = 0;
  double weights = 0;
};

Work work_of(const DcganStages& stages, NumberFormat format) {
  Work work;
  double side = 1;
  for (const DcganStage& stage : stages.stages) {
    const double numbers = 16.0 * stage.in_channels * stage.out_channels;
    work.operations += 2 * numbers * side * side;
    work.weights += numbers * (format == NumberFormat::BFloat16 ? 2 : 4);
    side = side == 1 ? 4 : side * 2;
  }
  return work;
}

}  // namespace

std::shared_ptr<const Model> random_generator(const GeneratorArch& arch) {
  std::mt19937 random(1);
  TensorTable tensors;
  int layer = 0;
  int channels = arch.ngf * arch.image_size / 8;
  const auto values = [&](std::size_t count, float mean, float deviation) {
    std::normal_distribution<float> normal(mean, deviation);
    std::vector<float> numbers(count);
    for (float& number : numbers)
      number = normal(random);
    return numbers;
  };
  const auto add_convolution = [&](int in, int out) {
    const auto count = static_cast<std::size_t>(in) * static_cast<std::size_t>(out) * 16;
    tensors.set("main." + std::to_string(layer++) + ".weight",
                from_floats(values(count, 0, std::sqrt(2.0F / static_cast<float>(4 * in))),
                            {in, out, 4, 4}));
  };
  add_convolution(arch.nz, channels);
  for (int side = 4; side < arch.image_size; side *= 2) {
    const auto count = static_cast<std::size_t>(channels);
    const std::string norm = "main." + std::to_string(layer++) + ".";
    tensors.set(norm + "weight", from_floats(values(count, 1, 0.1F), {channels}));
    tensors.set(norm + "bias", from_floats(values(count, 0, 0.1F), {channels}));
    tensors.set(norm + "running_mean", from_floats(values(count, 0, 0.1F), {channels}));
    tensors.set(norm + "running_var", from_floats(values(count, 1, 0.02F), {channels}));
    ++layer;  // ReLU
    const bool last = side * 2 == arch.image_size;
    add_convolution(channels, last ? arch.nc : channels / 2);
    channels /= 2;
  }
  OpenedGenerator opened;
  opened.arch = arch;
  opened.stack = build_stack(arch, tensors);
  opened.tensors = std::move(tensors);
  return unsaved_model(opened, "random weights");
}

Ceilings measure_ceilings(const EngineInfo& info) {
  const Kernels* kernels = best_kernels(info.format);
  if (info.device != Device::Cpu || kernels == nullptr) return {};
  WorkerPool pool(info.threads);
  return {peak_operations(*kernels, pool), read_bandwidth(pool)};
}

Json bench_generator(const std::shared_ptr<const Model>& model, const EngineOptions& options,
                     const Ceilings& ceilings, double seconds) {
  const auto engine = make_engine(*model, options);
  const EngineInfo& info = engine->info();
  const auto stages = model->network ? dcgan_stages(model->network->stack) : std::nullopt;
  Json peers = Json::object();
  if (stages && is_tutorial(*model)) peers = measure_peers(*model, info.threads, seconds, kBatches);
  Json rows = Json::array();
  for (const std::size_t batch : kBatches) {
    std::vector<Latent> latents;
    for (std::size_t i = 0; i < batch; ++i)
      latents.push_back(seed_latent(i, info.nz));
    const auto faces = static_cast<double>(batch);
    const double call = median_milliseconds(seconds, [&] { engine->generate(latents); });
    Json row = {{"size", info.width},      {"batch", batch},
                {"threads", info.threads}, {"precision", name_of(info.format)},
                {"engine", info.backend},  {"ms_per_face", call / faces}};
    if (stages && ceilings.operations > 0) {
      const Work work = work_of(*stages, info.format);
      row["bound_ms_per_face"] = 1000 * std::max(work.operations / ceilings.operations,
                                                 work.weights / ceilings.bytes / faces);
      row["gop_per_face"] = work.operations / 1e9;
      row["weights_mb"] = work.weights / 1e6;
    }
    row["peers"] = Json::object();
    for (const auto& [peer, times] : peers.items())
      row["peers"][peer] = times.value(std::to_string(batch), Json());
    rows.push_back(row);
  }
  return rows;
}

}  // namespace facemorph
