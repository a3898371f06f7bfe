#include "base/hardware.hpp"
#include "base/temporary_folder.hpp"
#include "cli/bench_generator.hpp"
#include "cli/bench_peers.hpp"
#include "cli/commands.hpp"
#include "cli/median.hpp"
#include "cli/print_json.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

struct BenchOptions {
  ModelOptions model;
  double seconds = 1.0;
  bool json = false;
};

Json bench_scaling(Engine& engine, double seconds) {
  const Image face = engine.generate(std::vector<Latent>{seed_latent(0, engine.info().nz)}).front();
  Json row = {{"from", face.width}, {"to", 512}};
  row["lanczos_ms"] =
      median_milliseconds(seconds, [&] { resize(face, 512, 512, Filter::Lanczos3); });
  return row;
}

/// What starting costs: whole runs of this program that make one face.
struct Start {
  double milliseconds = 0;
  double megabytes = 0;  ///< resident at most
};

/// This program with the words for one face; 0 when it could not be started.
pid_t start_sample(const std::string& picture) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::array<std::string, 5> words = {program, "sample", "--seeds=0", "-o", picture};
  std::array<char*, 6> argv{};
  std::ranges::transform(words, argv.begin(), [](std::string& word) { return word.data(); });
  pid_t child = 0;
  return ::posix_spawn(&child, program.c_str(), nullptr, nullptr, argv.data(), environ) == 0 ? child
                                                                                             : 0;
}

/// The most that a process has had resident so far, as the system notes it; 0 when it has gone.
/// (What wait4() tells of a child begins with its parent's size.)
double resident_megabytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

Start measure_start() {
  const TemporaryFolder folder;
  const std::string picture = (folder / "face.png").string();
  Start start;
  start.milliseconds = median_milliseconds(1, [&] {
    if (const pid_t child = start_sample(picture)) ::waitpid(child, nullptr, 0);
  });
  if (const pid_t child = start_sample(picture))
    while (::waitpid(child, nullptr, WNOHANG) == 0) {
      start.megabytes = std::max(start.megabytes, resident_megabytes(child));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  return start;
}

/// The bundled model, and larger networks of its kind; or the one that was asked for.
std::vector<std::shared_ptr<const Model>> models_of(const BenchOptions& options) {
  std::vector<std::shared_ptr<const Model>> models = {load_asked_model(options.model)};
  if (options.model.checkpoint.empty())
    for (const int size : {128, 256})
      models.push_back(random_generator({100, 64, 3, size}));
  return models;
}

std::string ratio_text(const Json& row, const char* peer) {
  const Json time = row["peers"].value(peer, Json());
  if (!time.is_number()) return "         –";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%7.1f x ",
                time.get<double>() / row["ms_per_face"].get<double>());
  return text.data();
}

void print(const Json& report) {
  std::printf("%s, %d cores; %s, %s\n", report["machine"]["processor"].get<std::string>().c_str(),
              report["machine"]["cores"].get<int>(),
              report["machine"]["backend"].get<std::string>().c_str(),
              report["machine"]["device"].get<std::string>().c_str());
  std::printf("  size  batch   ms a face   of the bound   PyTorch   torch.jit   ONNX Runtime\n");
  for (const Json& row : report["generator"]) {
    const double time = row["ms_per_face"];
    std::printf("  %4d  %5d  %10.3f", row["size"].get<int>(), row["batch"].get<int>(), time);
    if (row.contains("bound_ms_per_face"))
      std::printf("  %10.0f %%", 100 * row["bound_ms_per_face"].get<double>() / time);
    else
      std::printf("             –");
    std::printf("  %s  %s     %s\n", ratio_text(row, "pytorch_eager").c_str(),
                ratio_text(row, "torch_jit").c_str(), ratio_text(row, "onnxruntime").c_str());
  }
  std::printf("  enlarging %d to 512: %.3f ms a picture\n", report["scaling"]["from"].get<int>(),
              report["scaling"]["lanczos_ms"].get<double>());
  std::printf("  a program that makes one face: %.0f ms, %.0f MB\n",
              report["startup_ms"].get<double>(), report["rss_mb"].get<double>());
  if (!has_peers()) std::printf("  %s\n", kHowToGetPeers);
}

void bench(const BenchOptions& options) {
  const auto models = models_of(options);
  auto engine = make_engine(*models.front(), options.model.engine);
  Json report;
  report["machine"] = {{"processor", processor_name()},
                       {"cores", cores()},
                       {"device", engine->info().device_text},
                       {"backend", engine->info().backend}};
  Ceilings ceilings = measure_ceilings(engine->info());
  report["model"] = models.front()->name;
  report["generator"] = Json::array();
  report["scaling"] = bench_scaling(*engine, options.seconds);
  for (const auto& model : models) {
    if (model != models.front()) engine = make_engine(*model, options.model.engine);
    for (Json& row : bench_generator(*model, *engine, options.seconds))
      report["generator"].push_back(std::move(row));
    ceilings = highest(ceilings, measure_ceilings(engine->info()));
  }
  add_bounds(report["generator"], ceilings);
  report["machine"]["peak_gop_per_s"] = ceilings.operations / 1e9;
  report["machine"]["read_gb_per_s"] = ceilings.bytes / 1e9;
  const Start start = measure_start();
  report["startup_ms"] = start.milliseconds;
  report["rss_mb"] = start.megabytes;
  if (options.json)
    print_json(report);
  else
    print(report);
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
  CLI::App* command = app.add_subcommand("bench",
                                         "Measures this machine: the generator and the enlarging, "
                                         "a training step, or a video; ./dev bench "
                                         "does so beside PyTorch and ONNX Runtime");
  add_model_options(*command, options->model, true);
  command->add_option("--seconds", options->seconds, "How long to measure each line (default 1)")
      ->check(between(0.05, 60))
      ->option_text("S");
  command->add_flag("--json", options->json, "Print one JSON object");
  add_bench_train_command(*command);
  add_bench_video_command(*command);
  command->callback([options, command] {
    if (command->get_subcommands().empty()) bench(*options);
  });
}

}  // namespace facemorph
