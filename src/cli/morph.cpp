#include "cli/commands.hpp"

#include "base/error.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress_bar.hpp"
#include "cli/raw_frames.hpp"
#include "engine/picture_changes.hpp"
#include "record/export.hpp"
#include "record/made_by.hpp"
#include "session/session_model.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <tuple>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kSheetFrames = 24;
constexpr int kSheetFaceSize = 128;

struct MorphOptions {
  ModelOptions model;
  std::string seeds;
  std::string session;
  std::string output;
  std::string path = "slerp";
  std::string easing = "smooth";
  std::string format;
  std::string layout = "face";
  std::string grid = "3x3";
  std::string range;
  std::string quality = "good";
  std::string dither = "diffusion";
  bool loop = false;
  bool constant_speed = false;
  bool json = false;
  double seconds = 0;  ///< of the whole morph; 0: as the walk says
  int fps = 0;         ///< 0: 60, or what the format takes
  float truncation = 1.0F;
  ExportSettings settings;
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

constexpr int kUsualFps = 60;

/// "2:5.5" in seconds.
std::pair<double, double> parse_range(const std::string& text) {
  const std::size_t colon = text.find(':');
  std::pair<double, double> range;
  try {
    std::size_t first = 0;
    std::size_t second = 0;
    range = {std::stod(text, &first), std::stod(text.substr(colon + 1), &second)};
    if (colon == first && colon + 1 + second == text.size()) return range;
  } catch (const std::exception&) {  // told below
  }
  throw UsageError("--range " + text + " is not FROM:TO in seconds, for example --range 2:5.5.");
}

bool is_standard_output(const MorphOptions& options) {
  return options.output == "-";
}

/// A PNG file shows the faces of the walk, all in one picture.
bool is_key_sheet(const MorphOptions& options) {
  return options.format.empty() && fs::path(options.output).extension() == ".png";
}

VideoFormat asked_format(const MorphOptions& options) {
  if (!options.format.empty()) return *video_format_named(options.format);
  if (is_standard_output(options) || is_key_sheet(options)) return VideoFormat::PngFolder;
  if (const auto format = video_format_of(options.output)) return *format;
  std::string known;
  for (const VideoFormatInfo& info : video_formats())
    if (!info.extension.empty()) known += std::string(info.extension) + ", ";
  throw UsageError("-o " + options.output + ": nothing is known by that ending. Use " + known +
                   ".png for a sheet of the faces, a folder for numbered PNG files, or - for raw "
                   "RGB.");
}

ExportSettings asked_settings(const MorphOptions& options) {
  ExportSettings settings = options.settings;
  settings.format = asked_format(options);
  const int most = info_of(settings.format).most_fps;
  settings.fps = options.fps > 0 ? options.fps : std::min(kUsualFps, most);
  if (settings.fps > most)
    throw UsageError(std::string(info_of(settings.format).title) + " takes at most " +
                     std::to_string(most) + " frames a second; lower --fps.");
  settings.layout = *layout_from(options.layout);
  std::tie(settings.columns, settings.rows) = parse_grid(options.grid);
  if (!options.range.empty()) settings.range = parse_range(options.range);
  settings.quality = options.quality == "small"  ? VideoQuality::Small
                     : options.quality == "best" ? VideoQuality::Best
                                                 : VideoQuality::Good;
  settings.dither = options.dither == "none"      ? Dither::None
                    : options.dither == "ordered" ? Dither::Ordered
                                                  : Dither::Diffusion;
  if (options.seconds > 0) settings.seconds = options.seconds;
  return settings;
}

void write_key_sheet(Engine& engine, const MorphState& state, const MorphOptions& options,
                     const ExportSettings& settings) {
  if (fs::exists(options.output) && !settings.replace)
    throw Error(options.output + " exists already. Choose another name, or add --force.");
  write_png(options.output, key_sheet(engine, state, settings), {}, settings.transparent);
  if (options.json)
    std::cout
        << nlohmann::ordered_json{{"file", options.output}, {"faces", state.keys.size()}}.dump(2)
        << "\n";
  else
    std::cout << state.keys.size() << " faces in " << options.output << "\n";
}

void report(const ExportResult& result, const MorphOptions& options,
            const ExportSettings& settings) {
  if (is_standard_output(options)) return;
  if (options.json) {
    std::cout << nlohmann::ordered_json{{"file", result.path.string()},
                                        {"session", result.session.string()},
                                        {"format", info_of(settings.format).name},
                                        {"frames", result.frames},
                                        {"resumed", result.resumed},
                                        {"fps", settings.fps},
                                        {"seconds", result.seconds},
                                        {"width", result.width},
                                        {"height", result.height},
                                        {"took", result.took}}
                     .dump(2)
              << "\n";
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
  const ExportSettings settings = asked_settings(options);
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
  const ExportWatch watch{show_progress, interrupt.token()};
  const ExportResult result =
      is_standard_output(options)
          ? export_frames(
                *engine, state, settings,
                [](const VideoSettings&) { return open_standard_output(); }, watch)
          : export_morph(*engine, state, settings, options.output, watch);
  if (result.cancelled) throw Error("Stopped.");
  report(result, options, settings);
}

void add_walk_options(CLI::App& command, MorphOptions& options) {
  command.add_option("--seeds", options.seeds, "The faces to walk through, e.g. 1,5,9")
      ->option_text("LIST");
  command
      .add_option("--session", options.session,
                  "Render a saved session instead, or that of a video")
      ->option_text("FILE");
  command.add_flag("--loop", options.loop, "Return to the first face, without a seam");
  command
      .add_option("--seconds", options.seconds,
                  "Length of the whole morph (default: two seconds a face)")
      ->check(CLI::Range(0.01, 86400.0))
      ->option_text("S");
  command
      .add_option("--path", options.path,
                  "How to go from face to face (default slerp); a noise loop and a "
                  "drift make their own faces from the first seed")
      ->check(CLI::IsMember({"slerp", "linear", "spline", "noise-loop", "drift"}))
      ->option_text("slerp|linear|spline|noise-loop|drift");
  command
      .add_option("--easing", options.easing,
                  "How the motion starts and stops at each face (default smooth)")
      ->check(CLI::IsMember({"linear", "smooth", "smoother", "ease-in", "ease-out"}))
      ->option_text("linear|smooth|smoother|ease-in|ease-out");
  command
      .add_option("--truncation", options.truncation,
                  "Scale latents towards the mean face (default 1)")
      ->check(CLI::Range(0.0, 10.0))
      ->option_text("PSI");
  command.add_flag("--constant-speed", options.constant_speed,
                   "Spend the time where the picture changes, instead of evenly");
}

void add_picture_options(CLI::App& command, MorphOptions& options) {
  command.add_option("--fps", options.fps, "Frames a second (default 60; at most 50 in a GIF)")
      ->check(CLI::Range(1, 240))
      ->option_text("N");
  command
      .add_option("--size", options.settings.size, "Width of the picture in pixels (default 512)")
      ->check(CLI::Range(kLeastSize, kMostSize))
      ->option_text("PX");
  add_filter_option(command, options.settings.filter);
  command
      .add_option("--layout", options.layout,
                  "The morph alone (default), a grid of morphs, or the morph between its sources")
      ->check(CLI::IsMember({"face", "grid", "sources"}))
      ->option_text("face|grid|sources");
  command.add_option("--grid", options.grid, "Columns and rows of the grid (default 3x3)")
      ->option_text("CxR");
  command.add_option("--caption", options.settings.caption, "A line of text below the picture")
      ->option_text("TEXT");
  command.add_flag("--transparent", options.settings.transparent,
                   "Nothing behind the faces and the caption, where the format can");
  command.add_option("--range", options.range, "Only a part of the walk, in seconds")
      ->option_text("FROM:TO");
  command.add_option("--loops", options.settings.loops, "How often to go through it (default 1)")
      ->check(CLI::Range(1, 10000))
      ->option_text("N");
}

void add_file_options(CLI::App& command, MorphOptions& options) {
  command
      .add_option("-o,--output", options.output,
                  "out.mp4, .webm, .gif, .webp, .apng, .mov (ProRes), .zip (PNG files), .png (one "
                  "sheet of the walk's faces), a folder for PNG files, or - for raw RGB")
      ->required()
      ->option_text("FILE");
  command.add_option("--format", options.format, "If the name does not say which")
      ->check(CLI::IsMember({"mp4", "webm", "gif", "webp", "apng", "mov", "frames", "zip"}))
      ->option_text("mp4|webm|gif|webp|apng|mov|frames|zip");
  command.add_option("--quality", options.quality, "Size against quality (default good)")
      ->check(CLI::IsMember({"small", "good", "best"}))
      ->option_text("small|good|best");
  command.add_option("--dither", options.dither, "How a GIF mixes its colours (default diffusion)")
      ->check(CLI::IsMember({"none", "ordered", "diffusion"}))
      ->option_text("none|ordered|diffusion");
  command.add_flag("--resume", options.settings.resume, "Go on with PNG files that were cut short");
  command.add_flag("--force", options.settings.replace, "Replace what is there already");
  command.add_flag("--json", options.json, "Print one JSON object: what was written");
}

}  // namespace

void add_morph_command(CLI::App& app) {
  auto options = std::make_shared<MorphOptions>();
  CLI::App* command = app.add_subcommand("morph", "Renders a walk through faces as a video");
  add_model_options(*command, options->model, true);
  add_walk_options(*command, *options);
  add_picture_options(*command, *options);
  add_file_options(*command, *options);
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
  settings.fps = 30;
  const fs::path folder = fs::absolute("facemorph-loop");
  export_morph(*engine, state, settings, folder, {show_progress, {}});
  std::vector<Image> sheet;
  for (int i = 0; i < kSheetFrames; ++i)
    sheet.push_back(read_png(
        folder / frame_name(static_cast<std::size_t>(i * kSeconds * settings.fps / kSheetFrames))));
  for (Image& image : sheet)
    image =
        resize(image, kSheetFaceSize, kSheetFaceSize * image.height / image.width, settings.filter);
  write_png(folder / "contact-sheet.png", contact_sheet(sheet, 6, 4));
  return folder;
}

}  // namespace facemorph
