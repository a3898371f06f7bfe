#include "cli/commands.hpp"

#include "base/error.hpp"
#include "engine/picture_changes.hpp"
#include "session/session_file.hpp"
#include "session/session_model.hpp"

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <future>
#include <iostream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 16;
constexpr std::size_t kSheetFrames = 24;
constexpr int kSheetFaceSize = 128;

struct MorphOptions {
  ModelOptions model;
  std::string seeds;
  std::string session;
  std::string output;
  std::string path = "slerp";
  std::string easing = "smooth";
  bool loop = false;
  bool constant_speed = false;
  bool force = false;
  bool json = false;
  double seconds = 0;  ///< of the whole morph; 0: as the walk says
  int fps = 60;
  int size = 512;
  float truncation = 1.0F;
  Filter filter = kDefaultFilter;
};

struct MorphResult {
  std::size_t frames = 0;
  double seconds = 0;
};

/// The whole walk takes so many seconds, if any were asked for; a drift lasts as long, at its pace.
void fit_to_seconds(MorphState& state, double seconds) {
  if (duration(state) <= 0)
    throw UsageError(
        "A morph needs at least two faces: give --seeds 1,5,9, or a session with a walk.");
  if (state.walk.path == WalkPath::Drift) {
    if (seconds <= 0) throw UsageError("A drift never ends: say how long with --seconds.");
    return;
  }
  if (seconds <= 0) return;
  set_pace(state, state.walk.seconds_per_face * seconds / duration(state));
}

MorphState asked_state(const MorphOptions& options, int nz) {
  MorphState state;
  if (!options.session.empty()) {
    state = load_session(options.session);
    if (state.face.latent.size() != static_cast<std::size_t>(nz))  // as all the others
      throw Error(options.session + " holds latents of " +
                  std::to_string(state.face.latent.size()) + " values, this model takes " +
                  std::to_string(nz) + ". Give the session's own model: " + state.model.path);
  } else {
    const std::vector<std::uint64_t> seeds = parse_seeds(options.seeds);
    state.walk.loop = options.loop;
    state.walk.path = *walk_path_from(options.path);
    state.walk.seed = seeds.front();
    state.walk.easing = *easing_from(options.easing);
    state.face = seed_face(seeds.front(), nz);
    for (const std::uint64_t seed : seeds)
      append_key(state, seed_face(seed, nz));
    state.truncation = options.truncation;
  }
  state.walking = true;
  fit_to_seconds(state, options.seconds);
  return state;
}

/// A loop's last frame is the one before its first; an open walk shows both its ends.
std::size_t frame_count(const MorphState& state, double seconds, int fps) {
  const bool endless = state.walk.path == WalkPath::Drift;
  const double frames = (endless ? seconds : duration(state)) * fps;
  if (frames > 1e6)
    throw UsageError("That would be more than a million frames; lower --seconds or --fps.");
  const auto count = static_cast<std::size_t>(std::lround(frames));
  return std::max<std::size_t>(1, count + (returns(state) && !endless ? 0 : 1));
}

fs::path frame_path(const fs::path& folder, std::size_t index) {
  char name[32];
  std::snprintf(name, sizeof name, "frame-%06zu.png", index);
  return folder / name;
}

fs::path asked_folder(const MorphOptions& options) {
  fs::path folder(options.output);
  const std::string extension = folder.extension().string();
  for (const char* video : {".mp4", ".webm", ".mov", ".mkv", ".gif", ".webp", ".avi", ".png"})
    if (extension == video)
      throw UsageError("-o " + options.output +
                       ": this version writes numbered PNG frames into a folder. Give one, for "
                       "example -o frames/, and join them with: ffmpeg -framerate " +
                       std::to_string(options.fps) + " -i frames/frame-%06d.png -pix_fmt yuv420p " +
                       options.output);
  if (fs::exists(folder) && !fs::is_directory(folder))
    throw Error(options.output + " is a file; give a folder.");
  if (fs::exists(frame_path(folder, 0)) && !options.force)
    throw Error(options.output +
                " holds frames already. Choose another folder, or add --force to replace them.");
  return folder;
}

void show_progress(std::size_t done, std::size_t total, bool last) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\rframe %zu of %zu%s", done, total, last ? "\n" : "");
  std::fflush(stderr);
}

/// Writes one batch of frames, each on a thread of its own.
void write_frames(const std::vector<Image>& images, const MorphOptions& options,
                  const fs::path& folder, std::size_t first) {
  std::vector<std::future<void>> writing;
  for (std::size_t i = 0; i < images.size(); ++i)
    writing.push_back(
        std::async(std::launch::async, [&options, &folder, &image = images[i], index = first + i] {
          write_png(frame_path(folder, index),
                    resize(image, options.size, options.size * image.height / image.width,
                           options.filter));
        }));
  for (std::future<void>& frame : writing)
    frame.get();
}

MorphResult render(Engine& engine, const MorphState& state, const MorphOptions& options,
                   const fs::path& folder, std::vector<Image>* sheet) {
  const std::size_t count = frame_count(state, options.seconds, options.fps);
  const std::size_t step = std::max<std::size_t>(1, count / kSheetFrames);
  for (std::size_t start = 0; start < count; start += kBatch) {
    std::vector<Latent> latents;
    for (std::size_t i = start; i < std::min(start + kBatch, count); ++i)
      latents.push_back(evaluate(state, static_cast<double>(i) / options.fps));
    const std::vector<Image> images = engine.generate(latents);
    write_frames(images, options, folder, start);
    if (sheet != nullptr)
      for (std::size_t i = 0; i < images.size(); ++i)
        if ((start + i) % step == 0 && sheet->size() < kSheetFrames)
          sheet->push_back(resize(images[i], kSheetFaceSize,
                                  kSheetFaceSize * images[i].height / images[i].width,
                                  options.filter));
    show_progress(start + images.size(), count, start + images.size() == count);
  }
  return {count, static_cast<double>(count) / options.fps};
}

void morph(const MorphOptions& options) {
  if (options.seeds.empty() == options.session.empty())
    throw UsageError("Give either --seeds, for example --seeds 1,5,9, or --session FILE.");
  const fs::path folder = asked_folder(options);
  ModelOptions model = options.model;
  if (model.checkpoint.empty() && !options.session.empty())
    if (auto found = find_session_model(load_session(options.session).model, options.session))
      model.checkpoint = found->string();
  const auto engine = make_engine(load_asked_model(model), model.engine);
  MorphState state = asked_state(options, engine->info().nz);
  if (options.constant_speed)
    even_out(state, [&](std::span<const Latent> way) {
      return picture_changes(*engine, way, state.truncation);
    });
  const MorphResult result = render(*engine, state, options, folder, nullptr);
  if (options.json)
    std::cout << nlohmann::ordered_json{{"folder", folder.string()},
                                        {"frames", result.frames},
                                        {"fps", options.fps},
                                        {"seconds", result.seconds},
                                        {"size", options.size}}
                     .dump(2)
              << "\n";
  else
    std::cout << result.frames << " frames in " << folder.string() << "\n";
}

}  // namespace

void add_morph_command(CLI::App& app) {
  auto options = std::make_shared<MorphOptions>();
  CLI::App* command =
      app.add_subcommand("morph", "Renders a walk through faces as numbered PNG frames");
  add_model_options(*command, options->model, true);
  command->add_option("--seeds", options->seeds, "The faces to walk through, e.g. 1,5,9")
      ->option_text("LIST");
  command->add_option("--session", options->session, "Render a saved session instead")
      ->option_text("FILE");
  command->add_flag("--loop", options->loop, "Return to the first face, without a seam");
  command
      ->add_option("--seconds", options->seconds,
                   "Length of the whole morph (default: two seconds a face)")
      ->check(CLI::Range(0.01, 86400.0))
      ->option_text("S");
  command->add_option("--fps", options->fps, "Frames a second (default 60)")
      ->check(CLI::Range(1, 240))
      ->option_text("N");
  command->add_option("--size", options->size, "Width of the picture in pixels (default 512)")
      ->check(CLI::Range(16, 4096))
      ->option_text("PX");
  command
      ->add_option("--path", options->path,
                   "How to go from face to face (default slerp); a noise loop and a "
                   "drift make their own faces from the first seed")
      ->check(CLI::IsMember({"slerp", "linear", "spline", "noise-loop", "drift"}))
      ->option_text("slerp|linear|spline|noise-loop|drift");
  command
      ->add_option("--easing", options->easing,
                   "How the motion starts and stops at each face (default smooth)")
      ->check(CLI::IsMember({"linear", "smooth", "smoother", "ease-in", "ease-out"}))
      ->option_text("linear|smooth|smoother|ease-in|ease-out");
  command
      ->add_option("--truncation", options->truncation,
                   "Scale latents towards the mean face (default 1)")
      ->check(CLI::Range(0.0, 10.0))
      ->option_text("PSI");
  add_filter_option(*command, options->filter);
  command->add_option("-o,--output", options->output, "Folder for frame-000000.png …")
      ->required()
      ->option_text("DIR");
  command->add_flag("--constant-speed", options->constant_speed,
                    "Spend the time where the picture changes, instead of evenly");
  command->add_flag("--force", options->force, "Replace frames that are there already");
  command->add_flag("--json", options->json, "Print one JSON object: what was written");
  command->callback([options] { morph(*options); });
}

fs::path render_demo_loop(const ModelOptions& model) {
  MorphOptions options;
  options.model = model;
  options.fps = 30;
  options.loop = true;
  options.seconds = 8;
  for (const std::uint64_t seed : kFirstWalkSeeds)
    options.seeds += (options.seeds.empty() ? "" : ",") + std::to_string(seed);
  fs::path folder = fs::absolute("facemorph-loop");
  const auto engine = make_engine(load_asked_model(model), model.engine);
  const MorphState state = asked_state(options, engine->info().nz);
  std::vector<Image> sheet;
  render(*engine, state, options, folder, &sheet);
  write_png(folder / "contact-sheet.png", contact_sheet(sheet, 6, 4));
  return folder;
}

}  // namespace facemorph
