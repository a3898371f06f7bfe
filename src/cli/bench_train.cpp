#include "base/error.hpp"
#include "base/hardware.hpp"
#include "cli/bench_peers.hpp"
#include "cli/commands.hpp"
#include "cli/print_json.hpp"
#include "runs/drawn_face.hpp"
#include "torch/training/training_speed.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

struct BenchTrainOptions {
  int batch = 64;
  int threads = 0;
  double seconds = 10;
  int rounds = 2;
  bool json = false;
};

std::shared_ptr<const DataSet> drawn_pictures(int count, int size) {
  std::vector<Image> faces;
  faces.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    faces.push_back(draw_face(drawn_face(static_cast<std::uint64_t>(i)), size));
  return std::make_shared<DataSet>(faces, 3);
}

TrainConfig bench_config(const std::string& preset, const BenchTrainOptions& options) {
  TrainConfig config = preset_config(preset);
  config.batch = options.batch;
  config.threads = options.threads;
  return config;
}

/// The best of several rounds, taken in turn with the others: what else the machine does then
/// touches all alike.
struct Row {
  std::string name;
  std::function<double()> measure;
  double best = 0;
};

void print(const std::vector<Row>& rows, const BenchTrainOptions& options) {
  std::printf("%s, %d threads, batch %d, 64 px; images a second, best of %d rounds\n",
              processor_name().c_str(), options.threads, options.batch, options.rounds);
  const double python = rows.back().best;
  for (const Row& row : rows) {
    if (row.best == 0) {
      std::printf("  %-34s %s\n", row.name.c_str(),
                  has_peers() ? "not installed (apt-get install python3-torch)" : kHowToGetPeers);
      continue;
    }
    std::printf("  %-34s %7.1f", row.name.c_str(), row.best);
    if (python > 0) std::printf("  %5.2f x", row.best / python);
    std::printf("\n");
  }
}

void bench_train(BenchTrainOptions options) {
  if (options.threads == 0) options.threads = cores();
  const auto pictures = drawn_pictures(4 * options.batch, 64);
  const TrainConfig faces = bench_config("faces", options);
  TrainConfig mixed = bench_config("tutorial", options);
  mixed.precision = faces.precision;
  const bool has_mixed = mixed.precision == Precision::BFloat16;
  std::vector<Row> rows;
  const auto add = [&](const std::string& name, const TrainConfig& config) {
    rows.push_back(
        {name,
         [&options, pictures, config] { return training_speed(config, pictures, options.seconds); },
         0});
  };
  add("Facemorph, tutorial", bench_config("tutorial", options));
  if (has_mixed) add("Facemorph, tutorial in bfloat16", mixed);
  add(has_mixed ? "Facemorph, faces (bfloat16)" : "Facemorph, faces", faces);
  rows.push_back(
      {"Python, tutorial",
       [&] { return python_images_per_second(options.batch, options.threads, options.seconds); },
       0});
  for (int round = 0; round < options.rounds; ++round)
    for (Row& row : rows)
      row.best = std::max(row.best, row.measure());
  if (!options.json) return print(rows, options);
  const double python = rows.back().best;
  const Row& fastest = rows[has_mixed ? 1 : 0];
  const auto ratio = [&](double ours) { return python > 0 ? Json(ours / python) : Json(); };
  const Json report = {{"machine", processor_name()},
                       {"threads", options.threads},
                       {"batch", options.batch},
                       {"images_per_s", fastest.best},
                       {"precision", has_mixed ? "bfloat16" : "float32"},
                       {"python_images_per_s", python > 0 ? Json(python) : Json()},
                       {"ratio", ratio(fastest.best)},
                       {"float32_images_per_s", rows.front().best},
                       {"float32_ratio", ratio(rows.front().best)},
                       {"faces_images_per_s", rows[rows.size() - 2].best}};
  print_json(report);
}

}  // namespace

void add_bench_train_command(CLI::App& bench) {
  auto options = std::make_shared<BenchTrainOptions>();
  CLI::App* command = bench.add_subcommand(
      "train",
      "Measures training steps; ./dev bench train does so beside the tutorial's loop in Python");
  command->add_option("--batch", options->batch, "Pictures a step (default 64)")
      ->check(CLI::Range(2, 1024))
      ->option_text("N");
  command->add_option("--threads", options->threads, "CPU threads (default: one a core)")
      ->check(CLI::Range(1, 256))
      ->option_text("N");
  command->add_option("--seconds", options->seconds, "How long a line takes a round (default 10)")
      ->check(between(0.05, 600))
      ->option_text("S");
  command->add_option("--rounds", options->rounds, "How often each is measured (default 2)")
      ->check(CLI::Range(1, 100))
      ->option_text("N");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options] { bench_train(*options); });
}

}  // namespace facemorph
