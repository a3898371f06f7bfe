#include "cli/commands.hpp"

#include "base/files.hpp"
#include "base/hardware.hpp"
#include "cli/print_json.hpp"
#include "record/composer.hpp"
#include "record/export.hpp"

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

struct VideoBenchOptions {
  ModelOptions model;
  std::string format = "mp4";
  ExportSettings settings;
  int fps = 60;
  double seconds = 8;
  bool json = false;
};

/// A folder for the video that is thrown away.
class ScratchFolder {
 public:
  ScratchFolder()
      : path_(fs::temp_directory_path() / ("facemorph-bench-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path operator/(const fs::path& name) const { return path_ / name; }

 private:
  fs::path path_;
};

template <typename Work>
double milliseconds(const Work& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

MorphState bench_walk(int nz, double seconds) {
  MorphState state;
  for (const std::uint64_t seed : kFirstWalkSeeds)
    append_key(state, seed_face(seed, nz));
  state.walking = true;
  set_pace(state, seconds / static_cast<double>(state.keys.size()));
  return state;
}

/// Each step by itself, with nothing beside it.
Json bench_pieces(Engine& engine, const MorphState& state, const ExportSettings& settings,
                  const fs::path& path) {
  const FramePlan plan(state, settings);
  const Composer composer(settings, 1, 1, engine.info().width, engine.info().height);
  const std::size_t count = std::min<std::size_t>(plan.count(), 120);
  std::vector<Latent> latents;
  for (std::size_t i = 0; i < count; ++i)
    latents.push_back(plan.latents(i).front());
  std::vector<Image> faces;
  const double generate = milliseconds([&] {
    for (std::size_t i = 0; i < count; i += 16) {
      const auto part = std::span(latents).subspan(i, std::min<std::size_t>(16, count - i));
      for (Image& face : engine.generate(part))
        faces.push_back(std::move(face));
    }
  });
  std::vector<Image> frames;
  std::vector<Cells> cells;
  for (const Image& face : faces)
    cells.push_back({std::make_shared<const Image>(face)});
  const double scale = milliseconds([&] {
    for (const Cells& cell : cells)
      frames.push_back(composer.compose(cell));
  });
  VideoSettings video;
  video.format = settings.format;
  video.width = composer.width();
  video.height = composer.height();
  video.fps = settings.fps;
  const auto writer = open_video(path, video);
  const double encode = milliseconds([&] {
    for (const Image& frame : frames)
      writer->write(frame);
    writer->finish({});
  });
  const auto frames_written = static_cast<double>(count);
  return {{"generate_ms", generate / frames_written},
          {"scale_ms", scale / frames_written},
          {"encode_ms", encode / frames_written}};
}

void bench_video(VideoBenchOptions options) {
  options.settings.format = *video_format_named(options.format);
  options.settings.fps = options.fps;
  const auto engine = make_export_engine(load_asked_model(options.model), options.model.engine);
  const MorphState state = bench_walk(engine->info().nz, options.seconds);
  const ScratchFolder folder;
  const std::string name = "morph" + std::string(info_of(options.settings.format).extension);
  engine->generate(std::vector<Latent>{state.keys.front().face.latent});  // warm
  Json report = {{"machine", processor_name()},
                 {"cores", cores()},
                 {"format", info_of(options.settings.format).name},
                 {"size", options.settings.size},
                 {"fps", options.fps}};
  report.update(bench_pieces(*engine, state, options.settings, folder / ("piece-" + name)));
  const ExportResult result = export_morph(*engine, state, options.settings, folder / name);
  const auto frames = static_cast<double>(result.frames);
  const double together = result.took * 1000 / frames;
  const double apart = report["generate_ms"].get<double>() + report["scale_ms"].get<double>() +
                       report["encode_ms"].get<double>();
  report["export_ms"] = together;
  report["overlap"] = apart / together;
  report["times_real_time"] = result.seconds / result.took;
  if (options.json) {
    print_json(report);
    return;
  }
  std::printf("%s, %d cores; %s, %d px, %d fps\n", processor_name().c_str(), cores(),
              options.format.c_str(), result.width, options.fps);
  for (const char* piece : {"generate_ms", "scale_ms", "encode_ms"})
    std::printf("  %-12s %7.3f ms a frame, by itself\n", piece, report[piece].get<double>());
  std::printf("  %-12s %7.3f ms a frame, all side by side: %.2f times as fast as one by one\n",
              "export_ms", together, apart / together);
  std::printf("  %.1f times real time\n", result.seconds / result.took);
}

}  // namespace

void add_bench_video_command(CLI::App& bench) {
  auto options = std::make_shared<VideoBenchOptions>();
  CLI::App* command =
      bench.add_subcommand("video", "An export: generating, enlarging and encoding, and all three");
  add_model_options(*command, options->model, true);
  command->add_option("--format", options->format, "What to write (default mp4)")
      ->check(CLI::IsMember({"mp4", "webm", "gif", "webp", "apng", "mov", "zip"}))
      ->option_text("mp4|webm|gif|webp|apng|mov|zip");
  command->add_option("--size", options->settings.size, "Width in pixels (default 512)")
      ->check(CLI::Range(kLeastSize, kMostSize))
      ->option_text("PX");
  command->add_option("--fps", options->fps, "Frames a second (default 60)")
      ->check(CLI::Range(1, 240))
      ->option_text("N");
  command->add_option("--seconds", options->seconds, "Length of the video (default 8)")
      ->check(between(0.5, 600))
      ->option_text("S");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options] { bench_video(*options); });
}

}  // namespace facemorph
