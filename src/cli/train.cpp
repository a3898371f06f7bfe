#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/reading_line.hpp"
#include "torch/training/training_run.hpp"

#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

/// Settings as they were given; those left out take the preset's values.
struct TrainOptions {
  std::optional<std::string> preset;
  std::string data;
  std::string out;
  bool resume = false;
  bool json = false;
  std::vector<std::string> settings;  ///< --set name=value
  std::optional<std::uint64_t> steps;
  std::optional<double> epochs;
  std::optional<double> minutes;
  std::optional<int> batch;
  std::optional<int> size;
  std::optional<std::uint64_t> seed;
  std::optional<int> threads;
  std::string init;
  std::string device;
  std::optional<double> save_minutes;
  std::optional<int> samples_every;
  std::optional<int> score_pictures;
  std::optional<std::uint64_t> memory;  ///< MB
};

std::string clock_text(double seconds) {
  const auto total = std::lround(seconds);
  std::array<char, 32> text{};
  if (total >= 3600)
    std::snprintf(text.data(), text.size(), "%ld:%02ld h", total / 3600, total / 60 % 60);
  else
    std::snprintf(text.data(), text.size(), "%ld:%02ld min", total / 60, total % 60);
  return text.data();
}

/// Tells a person; the line of progress is overwritten in place on a terminal.
class Console {
 public:
  void operator()(const ReadingProgress& event) { reading_.show(event); }
  void operator()(const PicturesRead& event) {
    const std::size_t others = event.count - event.kept;
    say(std::to_string(event.count) + " pictures, " + std::to_string(event.bytes >> 20U) +
        " MB in memory" +
        (others > 0 ? "; " + std::to_string(others) + " more are read while training" : "") +
        (event.other_files > 0 ? "; " + std::to_string(event.other_files) + " other files" : ""));
    for (const LeftOutFolder& folder : event.left_out)
      say("left out " + folder.name + ": " + folder.reason);
    for (const SkippedPicture& skipped : event.skipped)
      say("skipped " + skipped.name + ": " + skipped.reason);
    if (!event.skipped.empty())
      say(std::to_string(event.skipped.size()) +
          (event.skipped.size() == 1 ? " picture was skipped." : " pictures were skipped."));
  }
  void operator()(const Resumed& event) {
    for (const std::string& torn : event.torn)
      say("passed over " + torn);
    say(event.checkpoint.empty() ? "There is no checkpoint yet; starting anew."
                                 : "Going on from " + event.checkpoint.string());
  }
  void operator()(const Progress& event) {
    if (!terminal_ && !event.fresh) return;
    const TrainReport& report = event.report;
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(),
                  "step %llu  %3.0f %%  %s left  D %.3f  G %.3f  D(x) %.2f  D(G(z)) %.2f / %.2f  "
                  "%.0f images/s",
                  static_cast<unsigned long long>(event.step), 100 * event.fraction,
                  clock_text(event.seconds_left).c_str(), report.loss_d, report.loss_g,
                  report.d_real, report.d_fake, report.d_fake_after, report.images_per_second);
    if (terminal_)
      std::cerr << "\r\033[K" << text.data() << std::flush;
    else
      std::cerr << text.data() << "\n";
    line_open_ = terminal_;
  }
  void operator()(const Paused& event) { say("Paused at step " + std::to_string(event.step)); }
  void operator()(const Continued& event) {
    say("Going on from step " + std::to_string(event.step));
  }
  void operator()(const Saved& event) {
    if (!terminal_) say("saved " + event.path.string());
  }
  void operator()(const SamplesWritten& event) { say("samples: " + event.path.string()); }
  void operator()(const Scored& event) {
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "step %llu scored: SWD %.1f (real halves %.1f), MS-SSIM %.3f (real %.3f)",
                  static_cast<unsigned long long>(event.generator.step),
                  event.generator.scores.swd_mean, event.real.swd_mean,
                  event.generator.scores.ms_ssim, event.real.ms_ssim);
    say(text.data());
  }
  void operator()(const Published&) {}  // nobody is looking
  void operator()(const RolledBack& event) { say(text_of(event)); }
  void operator()(const Advice& event) {
    if (!event.text.empty()) say(event.text);
  }
  void operator()(const Trouble& event) { say("facemorph: " + event.text); }
  void operator()(const Finished& event) {
    if (event.checkpoint.empty()) return say("Finished; nothing could be saved.");
    say((event.stopped ? "Stopped at step " : "Finished at step ") + std::to_string(event.step) +
        ". View it: facemorph " + event.checkpoint.string());
    const auto run = event.checkpoint.parent_path().parent_path();
    if (!event.strip.empty()) say("From the beginning to the end: " + event.strip.string());
    if (event.stopped) say("Go on: facemorph train --resume --out " + run.string());
  }

 private:
  void say(const std::string& text) {
    reading_.clear();
    if (line_open_) std::cerr << "\r\033[K";
    line_open_ = false;
    std::cerr << text << "\n";
  }

  bool terminal_ = isatty(STDERR_FILENO) != 0;
  bool line_open_ = false;
  ReadingLine reading_;
};

const char* worry_name(Worry worry) {
  switch (worry) {
    case Worry::DiscriminatorWon:
      return "discriminator_won";
    case Worry::FacesAlike:
      return "faces_alike";
    case Worry::TooFewPictures:
      return "too_few_pictures";
    case Worry::LearntByHeart:
      return "learnt_by_heart";
  }
  return "";
}

/// One JSON object a line.
class JsonLines {
 public:
  void operator()(const ReadingProgress& event) {
    print({{"event", "reading"}, {"count", event.pictures}, {"fraction", event.fraction}});
  }
  void operator()(const PicturesRead& event) {
    Json left_out = Json::array();
    for (const LeftOutFolder& folder : event.left_out)
      left_out.push_back({{"name", folder.name}, {"reason", folder.reason}});
    Json skipped = Json::array();
    for (const SkippedPicture& picture : event.skipped)
      skipped.push_back({{"name", picture.name}, {"reason", picture.reason}});
    print({{"event", "pictures"},
           {"count", event.count},
           {"in_memory", event.kept},
           {"bytes", event.bytes},
           {"other_files", event.other_files},
           {"skipped", skipped},
           {"left_out", left_out}});
  }
  void operator()(const Resumed& event) {
    print({{"event", "resumed"},
           {"step", event.step},
           {"checkpoint", event.checkpoint.string()},
           {"torn", event.torn}});
  }
  void operator()(const Progress& event) {
    if (!event.fresh) return;
    const TrainReport& report = event.report;
    print({{"event", "progress"},
           {"step", event.step},
           {"epoch", report.epoch},
           {"fraction", event.fraction},
           {"seconds_left", event.seconds_left},
           {"loss_d", report.loss_d},
           {"loss_g", report.loss_g},
           {"d_real", report.d_real},
           {"d_fake", report.d_fake},
           {"d_fake_after", report.d_fake_after},
           {"r1", report.r1},
           {"images_per_second", report.images_per_second}});
  }
  void operator()(const Paused& event) { print({{"event", "paused"}, {"step", event.step}}); }
  void operator()(const Continued& event) { print({{"event", "continued"}, {"step", event.step}}); }
  void operator()(const Saved& event) {
    print({{"event", "saved"}, {"step", event.step}, {"path", event.path.string()}});
  }
  void operator()(const SamplesWritten& event) {
    print({{"event", "samples"}, {"step", event.step}, {"path", event.path.string()}});
  }
  void operator()(const Scored& event) {
    print({{"event", "scored"},
           {"step", event.generator.step},
           {"swd", event.generator.scores.swd_mean},
           {"ms_ssim", event.generator.scores.ms_ssim},
           {"real_swd", event.real.swd_mean},
           {"real_ms_ssim", event.real.ms_ssim}});
  }
  void operator()(const Published&) {}
  void operator()(const RolledBack& event) {
    print({{"event", "rolled_back"},
           {"from", event.from},
           {"to", event.to},
           {"generator_learning_rate", event.generator_rate},
           {"discriminator_learning_rate", event.discriminator_rate}});
  }
  void operator()(const Advice& event) {
    print({{"event", "advice"}, {"worry", worry_name(event.worry)}, {"text", event.text}});
  }
  void operator()(const Trouble& event) { print({{"event", "trouble"}, {"text", event.text}}); }
  void operator()(const Finished& event) {
    print({{"event", "finished"},
           {"step", event.step},
           {"stopped", event.stopped},
           {"checkpoint", event.checkpoint.string()},
           {"strip", event.strip.string()}});
  }

 private:
  static void print(const Json& json) { std::cout << json_text(json) << std::endl; }
};

/// The value as JSON when it reads as JSON (a number, true), else as a text.
Json setting_value(const std::string& text) {
  try {
    return parse_ordered_json(text);
  } catch (const JsonError&) {
    return text;
  }
}

/// A run may be continued from another folder.
std::string absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

/// What a new run would be with the preset and the pictures alone.
TrainConfig new_config(const TrainOptions& options) {
  if (options.data.empty()) throw UsageError("Say where the pictures are: --data FOLDER.");
  TrainConfig config = preset_config(options.preset.value_or("faces"));
  if (options.device == "cuda") config.precision = Precision::Float32;  // as TF32, by cuDNN
  if (options.init.empty()) return config;
  config.init = absolute(options.init);
  // Fine-tuning keeps the shape of the network that it starts from.
  const GeneratorArch arch = load_model(options.init)->arch;
  config.nz = arch.nz;
  config.ngf = arch.ngf;
  config.channels = arch.nc;
  config.image_size = arch.image_size;
  return config;
}

TrainConfig resumed_config(const TrainOptions& options) {
  if (options.preset || options.size || !options.init.empty())
    throw UsageError(
        "--preset, --size and --init are for new runs; --resume goes on with the run's own.");
  return read_config(options.out);
}

TrainConfig asked_config(const TrainOptions& options) {
  Json json = to_json(options.resume ? resumed_config(options) : new_config(options));
  const auto set = [&](const char* name, const auto& value) {
    if (value) json[name] = *value;
  };
  if (!options.data.empty()) json["data"] = absolute(options.data);
  set("batch", options.batch);
  set("image_size", options.size);
  set("seed", options.seed);
  set("threads", options.threads);
  set("save_minutes", options.save_minutes);
  set("samples_every", options.samples_every);
  set("score_pictures", options.score_pictures);
  if (!options.device.empty()) json["device"] = options.device;
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos)
      throw UsageError("--set " + setting + ": write name=value, for example --set r1=5.");
    if (setting.starts_with("preset="))
      throw UsageError("--set changes single settings; choose the recipe by --preset " +
                       setting.substr(equals + 1) + ", for a new run.");
    json[setting.substr(0, equals)] = setting_value(setting.substr(equals + 1));
  }
  try {
    return config_from_json(json);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw UsageError(std::string("--set: ") + error.what());
  }
}

void train(const TrainOptions& options) {
  RunRequest request;
  request.out = options.out;
  request.resume = options.resume;
  request.steps = options.steps;
  request.epochs = options.epochs;
  request.minutes = options.minutes;
  request.memory = options.memory.value_or(0) << 20U;
  request.config = asked_config(options);
  RunControl control;
  const InterruptGuard interrupt;
  const std::stop_callback on_interrupt(interrupt.token(), [&] { control.stop(); });
  Console console;
  JsonLines lines;
  run_training(request, control, [&](const TrainEvent& event) {
    if (options.json)
      std::visit(lines, event);
    else
      std::visit(console, event);
  });
}

}  // namespace

void add_train_command(CLI::App& app) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App* command = app.add_subcommand("train", "Trains a generator on a folder of pictures");
  command
      ->add_option("--data", options->data, "Folder (or .zip, .tar) of JPEG, PNG or WebP pictures")
      ->option_text("DIR");
  command->add_option("--out", options->out, "Folder that the run is kept in")
      ->required()
      ->option_text("RUN");
  command
      ->add_option("--preset", options->preset,
                   "Recipe: faces (default) or tutorial (the PyTorch DCGAN tutorial's)")
      ->option_text("NAME");
  command->add_option("--steps", options->steps, "Steps in all, also with --resume")
      ->check(between(1, 1e15))
      ->option_text("N");
  command->add_option("--epochs", options->epochs, "Passes over the pictures in all")
      ->check(between(0.001, 1e9))
      ->option_text("N");
  command->add_option("--minutes", options->minutes, "Time to train from now on")
      ->check(between(0.001, 1e6))
      ->option_text("M");
  command->add_flag("--resume", options->resume,
                    "Go on with the run in --out, with its settings; --data and --set change them");
  command
      ->add_option("--init", options->init,
                   "Checkpoint to start from: the best start for fewer than 500 pictures")
      ->option_text("CHECKPOINT");
  command->add_option("--size", options->size, "Width of the pictures: 32, 64 (default), 128, 256")
      ->option_text("PX");
  command->add_option("--batch", options->batch, "Pictures a step")->option_text("N");
  command->add_option("--seed", options->seed, "Of all randomness (default 1)")->option_text("N");
  command->add_option("--threads", options->threads, "CPU threads (default: one a core)")
      ->option_text("N");
  command->add_option("--device", options->device, "Where to train: cpu (default) or cuda")
      ->option_text("cpu|cuda");
  command
      ->add_option("--set", options->settings,
                   "Any other setting of the run's config.json, e.g. --set r1=5")
      ->option_text("NAME=VALUE");
  command
      ->add_option("--save-minutes", options->save_minutes,
                   "Between checkpoints; 0 saves every step (default 1)")
      ->check(between(0, 1440))
      ->option_text("M");
  command
      ->add_option("--samples-every", options->samples_every,
                   "Steps between sample sheets and scores (default 500)")
      ->check(CLI::Range(1, 1'000'000'000))
      ->option_text("N");
  command
      ->add_option("--score-pictures", options->score_pictures,
                   "Pictures to score each sample sheet's generator with, in the background "
                   "(default 500; 0: none)")
      ->check(CLI::Range(0, 100'000))
      ->option_text("N");
  command
      ->add_option("--memory", options->memory,
                   "Memory that the pictures may take (default: half of what is free); those that "
                   "do not fit are read while training")
      ->check(CLI::Range(1, 1 << 24))
      ->option_text("MB");
  command->add_flag("--json", options->json, "Print one JSON object for every event");
  command->callback([options] { train(*options); });
}

}  // namespace facemorph
