#include "cli/bench_generator.hpp"

#include "base/embedded.hpp"
#include "checkpoint/checkpoint.hpp"
#include "cli/median.hpp"
#include "cpu/ceilings.hpp"
#include "cpu/dcgan_stages.hpp"
#include "cpu/instruction_set.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

DECLARE_EMBEDDED(generator_peers_py);

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::size_t, 4> kBatches = {1, 8, 24, 64};

/// A folder for one measurement.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "facemorph-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What the peers take, as the script prints it; an empty object where they are not installed.
Json measure_peers(const Model& model, int threads, double seconds) {
  const Scratch scratch;
  const std::filesystem::path weights = scratch.path() / "netG.pth";
  write_checkpoint(weights, model.network->tensors, {});
  ::setenv("FACEMORPH_PEERS", std::string(EMBEDDED_BYTES(generator_peers_py)).c_str(), 1);
  std::string command = "/usr/bin/python3 -c \"$FACEMORPH_PEERS\" '" + weights.string() + "'";
  for (const int number :
       {model.arch.nz, model.arch.ngf, model.arch.nc, model.arch.image_size, threads})
    command += " " + std::to_string(number);
  command += " " + std::to_string(seconds);
  for (const std::size_t batch : kBatches)
    command += " " + std::to_string(batch);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>/dev/null").c_str(), "r"),
                                                   &::pclose);
  std::string text;
  std::array<char, 4096> block{};
  while (pipe && std::fgets(block.data(), block.size(), pipe.get()) != nullptr)
    text += block.data();
  const Json result = Json::parse(text, nullptr, false);
  return result.is_object() ? result : Json::object();
}

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

Json bench_generator(const std::shared_ptr<const Model>& model, const EngineOptions& options,
                     double seconds) {
  const auto engine = make_engine(model, options);
  const EngineInfo& info = engine->info();
  const auto stages = model->network ? dcgan_stages(model->network->stack) : std::nullopt;
  double operations = 0;
  double bandwidth = 0;
  const Kernels* kernels = best_kernels(info.format);
  if (stages && info.device == Device::Cpu) {
    WorkerPool pool(info.threads);
    operations = peak_operations(*kernels, pool);
    bandwidth = read_bandwidth(pool);
  }
  Json peers = Json::object();
  if (stages && is_tutorial(*model)) peers = measure_peers(*model, info.threads, seconds);
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
    if (operations > 0) {
      const Work work = work_of(*stages, info.format);
      row["bound_ms_per_face"] =
          1000 * std::max(work.operations / operations, work.weights / bandwidth / faces);
    }
    row["peers"] = Json::object();
    for (const auto& [peer, times] : peers.items())
      row["peers"][peer] = times.value(std::to_string(batch), Json());
    rows.push_back(row);
  }
  return rows;
}

}  // namespace facemorph
