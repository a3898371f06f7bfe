#include "base/error.hpp"
#include "base/files.hpp"
#include "pictures/caption.hpp"
#include "runs/run_history.hpp"
#include "videos/video.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kFps = 30;
constexpr int kStill = 9;    // frames that a sheet stands
constexpr int kMelting = 9;  // frames on the way to the next
constexpr int kLeastWidth = 512;
constexpr std::uint32_t kBackground = 0x14161AFF;

/// The sheet at a size that videos can have, with the step below.
Image lapse_frame(const RunMoment& moment, int* width) {
  Image sheet = read_png(moment.sheet);
  if (*width == 0) *width = std::max(kLeastWidth, sheet.width) / 2 * 2;
  const int height = static_cast<int>(
      std::lround(static_cast<double>(*width) * sheet.height / sheet.width / 2) * 2);
  Image frame = resize(sheet, *width, height, kDefaultFilter);
  const Image caption =
      draw_caption("Step " + std::to_string(moment.step), *width, *width / 32 * 2, kBackground);
  frame.height += caption.height;
  frame.rgba.insert(frame.rgba.end(), caption.rgba.begin(), caption.rgba.end());
  return frame;
}

Image between(const Image& a, const Image& b, double share) {
  Image mixed = a;
  for (std::size_t i = 0; i < mixed.rgba.size(); ++i)
    mixed.rgba[i] =
        static_cast<std::uint8_t>(std::lround(a.rgba[i] + share * (b.rgba[i] - a.rgba[i])));
  return mixed;
}

}  // namespace

fs::path write_time_lapse(std::span<const RunMoment> moments, const fs::path& path,
                          const std::stop_token& stop) {
  const auto format = video_format_of(path);
  if (!format) throw UsageError(path.string() + ": give it the ending .mp4, .webm or .gif.");
  if (moments.size() < 2)
    throw UsageError("A time-lapse needs faces of at least two moments; train a little longer.");
  int width = 0;
  Image now = lapse_frame(moments.front(), &width);
  VideoSettings settings;
  settings.format = *format;
  settings.width = now.width;
  settings.height = now.height;
  settings.fps = kFps;
  settings.title = "How a face generator learnt";
  const auto writer = open_video(unused_path(path), settings);
  try {
    for (std::size_t i = 1; i <= moments.size(); ++i) {
      for (int frame = 0; frame < kStill; ++frame)
        writer->write(now);
      if (i == moments.size()) break;
      if (stop.stop_requested()) throw Error("The time-lapse was stopped.");
      Image next = lapse_frame(moments[i], &width);
      if (next.height != now.height)
        throw Error(moments[i].sheet.string() + " is not a sample sheet of this run.");
      for (int frame = 1; frame <= kMelting; ++frame)
        writer->write(between(now, next, static_cast<double>(frame) / (kMelting + 1)));
      now = std::move(next);
    }
    for (int frame = 0; frame < kFps; ++frame)  // time to look at the end
      writer->write(now);
    return writer->finish({});
  } catch (...) {
    writer->discard();
    throw;
  }
}

}  // namespace facemorph
