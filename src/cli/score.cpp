#include "torch/training/score.hpp"
#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/print_json.hpp"
#include "cli/reading_line.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

struct ScoreOptions {
  ModelOptions model;
  std::string data;
  std::size_t count = 1500;
  std::uint64_t seed = 1;
  bool json = false;
};

Json to_json(const Scores& scores) {
  Json levels = Json::object();
  for (std::size_t i = 0; i < scores.swd.size(); ++i)
    levels[std::to_string(scores.sizes[i])] = scores.swd[i];
  return {{"swd", scores.swd_mean}, {"swd_levels", levels}, {"ms_ssim", scores.ms_ssim}};
}

void print(const char* name, const Scores& scores) {
  std::printf("%-16s %7.2f  (", name, scores.swd_mean);
  for (std::size_t i = 0; i < scores.swd.size(); ++i)
    std::printf("%s%d px: %.2f", i > 0 ? ", " : "", scores.sizes[i], scores.swd[i]);
  std::printf(")   %.4f\n", scores.ms_ssim);
}

void score(const ScoreOptions& options) {
  const auto model = load_asked_model(options.model);
  if (!model->network)
    throw UsageError(model->path.string() +
                     " is a TorchScript program; save its plain weights to score it.");
  DataSetOptions reading;
  reading.image_size = model->arch.image_size;
  reading.channels = model->arch.nc;
  const DataSet pictures = [&] {
    ReadingLine line;
    reading.progress = [&](const ReadingProgress& progress) { line.show(progress); };
    return DataSet(options.data, reading);
  }();
  const Scores halves = score_halves(pictures, options.count, options.seed);
  // As many pictures on each side as in the halves: figures of other numbers do not compare.
  const Scores own = score_generator(model->network->stack, pictures, halves.count, options.seed);
  if (options.json) {
    print_json(Json{{"model", model->name},
                    {"pictures", own.count},
                    {"generator", to_json(own)},
                    {"real_halves", to_json(halves)}});
    return;
  }
  std::printf("%zu pictures on each side   SWD x 1000                          MS-SSIM\n",
              own.count);
  print(model->name.substr(0, 16).c_str(), own);
  print("real halves", halves);
}

}  // namespace

void add_score_command(CLI::App& app) {
  auto options = std::make_shared<ScoreOptions>();
  CLI::App* command = app.add_subcommand(
      "score",
      "Measures how close a generator's faces come to real pictures, and how varied they are");
  add_model_options(*command, options->model, false);
  command->add_option("--data", options->data, "Folder (or .zip, .tar) of the real pictures")
      ->required()
      ->option_text("DIR");
  command
      ->add_option("--count", options->count,
                   "Pictures on each side, at most half of the real ones (default 1500)")
      ->check(CLI::Range(2, 100'000))
      ->option_text("N");
  command->add_option("--seed", options->seed, "Of the choice of pictures and patches (default 1)")
      ->option_text("N");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options] { score(*options); });
}

}  // namespace facemorph
