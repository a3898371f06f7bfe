#include "cli/commands.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

struct BenchOptions {
  ModelOptions model;
  double seconds = 1.0;
  bool json = false;
};

/// Median milliseconds of a call, over `seconds` of calls after a warm-up.
template <typename Call>
double median_milliseconds(double seconds, Call call) {
  call();
  call();
  std::vector<double> times;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  do {
    const auto start = Clock::now();
    call();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  } while (Clock::now() < end);
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  return times[times.size() / 2];
}

Json bench_generator(Engine& engine, double seconds) {
  Json rows = Json::array();
  for (const std::size_t batch : {1U, 8U, 24U, 64U}) {
    std::vector<Latent> latents;
    for (std::size_t i = 0; i < batch; ++i)
      latents.push_back(seed_latent(i, engine.info().nz));
    const double call = median_milliseconds(seconds, [&] { engine.generate(latents); });
    rows.push_back({{"size", engine.info().width},
                    {"batch", batch},
                    {"threads", engine.info().threads},
                    {"precision", "fp32"},
                    {"engine", engine.info().backend},
                    {"ms_per_face", call / static_cast<double>(batch)}});
  }
  return rows;
}

Json bench_scaling(Engine& engine, double seconds) {
  const Image face = engine.generate(std::vector<Latent>{seed_latent(0, engine.info().nz)}).front();
  Json row = {{"from", face.width}, {"to", 512}};
  row["lanczos_ms"] =
      median_milliseconds(seconds, [&] { resize(face, 512, 512, Filter::Lanczos3); });
  return row;
}

void bench(const BenchOptions& options) {
  const auto model = load_asked_model(options.model);
  const auto engine = make_engine(model, options.model.engine);
  Json report;
  report["machine"] = {{"processor", processor_name()},
                       {"cores", std::thread::hardware_concurrency()},
                       {"device", engine->info().device_text},
                       {"backend", engine->info().backend}};
  report["model"] = model->name;
  report["generator"] = bench_generator(*engine, options.seconds);
  report["scaling"] = bench_scaling(*engine, options.seconds);
  if (options.json) {
    std::cout << report.dump(2) << "\n";
    return;
  }
  std::printf("%s, %u cores; %s, %s\n%s\n", processor_name().c_str(),
              std::thread::hardware_concurrency(), engine->info().backend.c_str(),
              engine->info().device_text.c_str(), model->name.c_str());
  for (const Json& row : report["generator"])
    std::printf("  generator, batch %2d: %7.3f ms a face\n", row["batch"].get<int>(),
                row["ms_per_face"].get<double>());
  std::printf("  enlarging %d to 512: %7.3f ms a picture\n", report["scaling"]["from"].get<int>(),
              report["scaling"]["lanczos_ms"].get<double>());
}

}  // namespace

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

void add_bench_command(CLI::App& app) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand(
      "bench",
      "Measures this machine: the generator and the enlarging, a training step, or a video");
  add_model_options(*command, options->model, true);
  command->add_option("--seconds", options->seconds, "How long to measure each line (default 1)")
      ->check(CLI::Range(0.05, 60.0))
      ->option_text("S");
  command->add_flag("--json", options->json, "Print one JSON object");
  add_bench_train_command(*command);
  add_bench_video_command(*command);
  command->callback([options, command] {
    if (command->get_subcommands().empty()) bench(*options);
  });
}

}  // namespace facemorph
