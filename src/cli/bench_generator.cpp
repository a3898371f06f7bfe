#include "cli/bench_generator.hpp"

#include "checkpoint/generator/tutorial.hpp"
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
  const auto values = [&](const std::vector<std::int64_t>& shape, float mean, float deviation) {
    std::normal_distribution<float> normal(mean, deviation);
    const std::int64_t count = Tensor{DType::Float32, shape, {}}.numel();
    std::vector<float> numbers(static_cast<std::size_t>(count));
    std::ranges::generate(numbers, [&] { return normal(random); });
    return from_floats(numbers, shape);
  };
  OpenedGenerator opened;
  for (const auto& [key, shape] : tutorial_shapes(arch)) {
    if (shape.empty()) continue;  // a counter
    const bool convolution = shape.size() == 4;
    const float around = convolution || key.ends_with("bias") || key.ends_with("mean") ? 0 : 1;
    const float spread = convolution ? std::sqrt(0.5F / static_cast<float>(shape[0])) : 0.05F;
    opened.tensors.set(key, values(shape, around, spread));
  }
  opened.arch = arch;
  opened.stack = build_stack(arch, opened.tensors);
  return unsaved_model(opened, "random weights");
}

Ceilings measure_ceilings(const EngineInfo& info) {
  const Kernels* kernels = best_kernels(info.format);
  if (info.device != Device::Cpu || kernels == nullptr) return {};
  WorkerPool pool(info.threads);
  return {peak_operations(*kernels, pool), read_bandwidth(pool)};
}

Ceilings highest(const Ceilings& a, const Ceilings& b) {
  return {std::max(a.operations, b.operations), std::max(a.bytes, b.bytes)};
}

void add_bounds(Json& rows, const Ceilings& ceilings) {
  for (Json& row : rows) {
    if (!row.contains("gop_per_face") || ceilings.operations <= 0) continue;
    const double computing = row["gop_per_face"].get<double>() * 1e9 / ceilings.operations;
    const double reading =
        row["weights_mb"].get<double>() * 1e6 / ceilings.bytes / row["batch"].get<double>();
    row["bound_ms_per_face"] = 1000 * std::max(computing, reading);
  }
}

Json bench_generator(const Model& model, Engine& engine, double seconds) {
  const EngineInfo& info = engine.info();
  const auto stages = model.network ? dcgan_stages(model.network->stack) : std::nullopt;
  Json peers = Json::object();
  if (stages && model.network->is_tutorial())
    peers = measure_peers(model, info.threads, seconds, kBatches);
  Json rows = Json::array();
  for (const std::size_t batch : kBatches) {
    const std::vector<Latent> latents = seed_latents(0, static_cast<int>(batch), info.nz);
    const auto faces = static_cast<double>(batch);
    const double call = median_milliseconds(seconds, [&] { engine.generate(latents); });
    Json row = {{"size", info.width},      {"batch", batch},
                {"threads", info.threads}, {"precision", name_of(info.format)},
                {"engine", info.backend},  {"ms_per_face", call / faces}};
    if (stages) {
      const Work work = work_of(*stages, info.format);
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
