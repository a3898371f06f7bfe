#include "cli/morph_options.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kUsualFps = 60;

/// "2:5.5" in seconds.
std::pair<double, double> parse_range(const std::string& text) {
  const std::size_t colon = text.find(':');
  std::pair<double, double> range;
  try {
    std::size_t first = 0;
    std::size_t second = 0;
    range = {std::stod(text, &first), std::stod(text.substr(colon + 1), &second)};
    const bool finite = std::isfinite(range.first) && std::isfinite(range.second);
    if (finite && colon == first && colon + 1 + second == text.size()) return range;
  } catch (const std::exception&) {  // told below
  }
  throw UsageError("--range " + text + " is not FROM:TO in seconds, for example --range 2:5.5.");
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
      ->check(between(0.01, 86'400))
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
      ->check(between(0, 10))
      ->option_text("PSI");
  command.add_flag("--constant-speed", options.constant_speed,
                   "Spend the time where the picture changes, instead of evenly");
}

void add_picture_options(CLI::App& command, MorphOptions& options) {
  command
      .add_option("--fps", options.fps,
                  "Frames a second, whole or not: 25, 29.97, 30000/1001 (default 60; at most 50 in "
                  "a GIF)")
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

FrameRate asked_rate(const std::string& text) {
  if (const auto rate = parse_frame_rate(text)) return *rate;
  throw UsageError("--fps: '" + text +
                   "' is no frame rate from 1 to 240. Write for example 25, 29.97 or 30000/1001.");
}

}  // namespace

bool is_standard_output(const MorphOptions& options) {
  return options.output == "-";
}

bool is_key_sheet(const MorphOptions& options) {
  return options.format.empty() && fs::path(options.output).extension() == ".png";
}

ExportSettings export_settings(const MorphOptions& options) {
  ExportSettings settings = options.settings;
  settings.format = asked_format(options);
  const int most = info_of(settings.format).most_fps;
  settings.fps =
      options.fps.empty() ? FrameRate(std::min(kUsualFps, most)) : asked_rate(options.fps);
  if (settings.fps.per_second() > most)
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

void add_morph_options(CLI::App& command, MorphOptions& options) {
  add_walk_options(command, options);
  add_picture_options(command, options);
  add_file_options(command, options);
}

}  // namespace facemorph
