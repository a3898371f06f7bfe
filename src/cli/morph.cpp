#include "cli/commands.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/interrupt.hpp"
#include "cli/morph_options.hpp"
#include "cli/print_json.hpp"
#include "cli/progress_bar.hpp"
#include "cli/raw_frames.hpp"
#include "engine/picture_changes.hpp"
#include "record/export.hpp"
#include "record/made_by.hpp"
#include "session/session_model.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kSheetFrames = 24;
constexpr int kSheetFaceSize = 128;

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
    state = load_made_by(options.session);
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

void write_key_sheet(Engine& engine, const MorphState& state, const MorphOptions& options,
                     const ExportSettings& settings) {
  if (is_there(options.output) && !settings.replace)
    throw Error(options.output + " exists already. Choose another name, or add --force.");
  write_png(options.output, key_sheet(engine, state, settings), {}, settings.transparent);
  if (options.json)
    print_json(nlohmann::ordered_json{{"file", options.output}, {"faces", state.keys.size()}});
  else
    std::cout << state.keys.size() << " faces in " << options.output << "\n";
}

void report(const ExportResult& result, const MorphOptions& options,
            const ExportSettings& settings) {
  if (is_standard_output(options)) return;
  if (options.json) {
    print_json(nlohmann::ordered_json{{"file", result.path.string()},
                                      {"session", result.session.string()},
                                      {"format", info_of(settings.format).name},
                                      {"frames", result.frames},
                                      {"resumed", result.resumed},
                                      {"fps", settings.fps.per_second()},
                                      {"seconds", result.seconds},
                                      {"width", result.width},
                                      {"height", result.height},
                                      {"took", result.took}});
    return;
  }
  std::printf("%zu frames, %.2f s, %d x %d in %s\n", result.frames, result.seconds, result.width,
              result.height, result.path.c_str());
  if (result.height != 0 && settings.size != result.width)
    std::printf("%s needs even sides: %d pixels wide instead of %d.\n",
                std::string(info_of(settings.format).title).c_str(), result.width, settings.size);
}

void morph(const MorphOptions& options) {
  if (options.seeds.empty() == options.session.empty())
    throw UsageError("Give either --seeds, for example --seeds 1,5,9, or --session FILE.");
  const ExportSettings settings = export_settings(options);
  ModelOptions model = options.model;
  if (model.checkpoint.empty() && !options.session.empty())
    if (auto found = find_session_model(load_made_by(options.session).model, options.session))
      model.checkpoint = found->string();
  const auto opened = load_asked_model(model);
  const auto engine = make_export_engine(opened, model.engine);
  MorphState state = asked_state(options, engine->info().nz);
  state.model = {is_bundled(*opened) ? std::string() : fs::absolute(opened->path).string(),
                 opened->hash};
  if (options.constant_speed)
    even_out(state, [&](std::span<const Latent> way) {
      return picture_changes(*engine, way, state.truncation);
    });
  if (is_key_sheet(options)) return write_key_sheet(*engine, state, options, settings);
  const InterruptGuard interrupt;
  const ExportWatch watch{show_progress, interrupt.token(), true};
  const ExportResult result =
      is_standard_output(options)
          ? export_frames(
                *engine, state, settings,
                [](const VideoSettings&) { return open_standard_output(); }, watch)
          : export_morph(*engine, state, settings, options.output, watch);
  report(result, options, settings);
}

}  // namespace

void add_morph_command(CLI::App& app) {
  auto options = std::make_shared<MorphOptions>();
  CLI::App* command = app.add_subcommand("morph", "Renders a walk through faces as a video");
  add_model_options(*command, options->model, true);
  add_morph_options(*command, *options);
  command->callback([options] { morph(*options); });
}

fs::path render_demo_loop(const ModelOptions& model) {
  constexpr int kSeconds = 8;
  const auto engine = make_export_engine(load_asked_model(model), model.engine);
  MorphState state;
  for (const std::uint64_t seed : kFirstWalkSeeds)
    append_key(state, seed_face(seed, engine->info().nz));
  state.walking = true;
  fit_to_seconds(state, kSeconds);
  ExportSettings settings;
  settings.format = VideoFormat::PngFolder;
  constexpr int kFps = 30;
  settings.fps = kFps;
  const fs::path folder = fs::absolute("facemorph-loop");
  export_morph(*engine, state, settings, folder, {show_progress, {}});
  std::vector<Image> sheet;
  for (int i = 0; i < kSheetFrames; ++i)
    sheet.push_back(read_png(
        folder / frame_name(static_cast<std::size_t>(i * kSeconds * kFps / kSheetFrames))));
  for (Image& image : sheet)
    image =
        resize(image, kSheetFaceSize, kSheetFaceSize * image.height / image.width, settings.filter);
  write_png(folder / "contact-sheet.png", contact_sheet(sheet, 6, 4));
  return folder;
}

}  // namespace facemorph
