#include "viewer/viewer.hpp"

#include "base/files.hpp"

#include <array>
#include <ctime>

// Videos: exported from the walk, or recorded as things happen.

namespace facemorph {
namespace {

namespace fs = std::filesystem;

std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d-%H%M%S", &local);
  return text.data();
}

}  // namespace

fs::path Viewer::proposed_video() const {
  const std::string extension(info_of(settings.video.format).extension);
  fs::path folder = session_path_.empty() ? folder_at_home("Videos") : session_path_.parent_path();
  std::string name = "morph";
  if (!session_path_.empty()) {
    name = session_path_.filename().string();
    name.resize(name.size() - std::string_view(kSessionExtension).size());
  }
  if (settings.video.format == VideoFormat::PngFolder) name += "-frames";
  return unused_path(folder / (name + extension));
}

void Viewer::export_video(const fs::path& path) {
  if (!model_ || recorder_.exporting()) return;
  MorphState exported = state;
  exported.walking = true;
  exported.playhead = 0;
  recorder_.start_export(model_, options_.engine.device, std::move(exported), settings.video, path);
}

void Viewer::toggle_recording() {
  if (recorder_.recording()) {
    recorder_.stop_take();
    return;
  }
  if (!model_ || stage_image_.rgba.empty()) return;
  VideoSettings take;
  take.format =
      settings.video.format == VideoFormat::WebM || settings.video.format == VideoFormat::ProRes
          ? settings.video.format
          : VideoFormat::Mp4;
  if (!recorder_.why_unavailable(take.format).empty()) take.format = VideoFormat::PngFolder;
  take.fps = std::min(settings.video.fps, kMostLiveFps);
  take.width = settings.video.size - settings.video.size % 2;
  take.height = take.width * stage_image_.height / stage_image_.width;
  take.height -= take.height % 2;
  take.quality = settings.video.quality;
  take.session = to_json_text(state);
  const std::string extension(info_of(take.format).extension);
  recorder_.start_take(
      unused_path(folder_at_home("Videos") / ("facemorph-" + time_of_day() + extension)), take,
      settings.filter);
  recorder_.show(stage_image_);
}

}  // namespace facemorph
