#include "base/error.hpp"
#include "base/files.hpp"
#include "videos/frame_writers.hpp"
#include "videos/video_stream.hpp"

#include <system_error>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// MP4, MOV and WebM: encoded as the frames come.
class VideoFile : public FrameWriter {
 public:
  VideoFile(const fs::path& path, const VideoSettings& settings)
      : path_(path),
        settings_(settings),
        plan_(plan_encoder(settings)),
        file_(part_path(path, path.extension().string())) {
    try {
      stream_ = std::make_unique<VideoStream>(file_, plan_, settings);
    } catch (...) {
      file_.remove();
      throw;
    }
  }

  void write(const Image& frame) override { stream_->write(frame); }

  bool hurry() override {
    if (!settings_.live || hurry_ >= hurry_steps(settings_.format)) return false;
    return stream_->change_encoder(plan_encoder(settings_, ++hurry_));
  }

  fs::path finish(const std::function<void(double)>& progress) override {
    finish_or_keep(*stream_, file_);
    const fs::path target = landing_path(path_);
    const fs::path complete = unfinished_path(target);
    try {
      complete_into(complete, progress);
      const fs::path landed = land(complete, target, settings_.replace);
      file_.remove();
      return landed;
    } catch (const Error&) {
      std::error_code ignored;
      fs::remove(complete, ignored);
      if (!file_.is_in_place()) throw;
      return land(file_.path(), target, settings_.replace);
    }
  }

  void discard() override { file_.remove(); }

 private:
  /// The index moves to the front; WebM has it at its end.
  void complete_into(const fs::path& complete, const std::function<void(double)>& progress) {
    if (plan_.muxer != "webm") {
      remux(file_.readable_path(), complete, plan_.muxer, progress);
    } else if (file_.is_in_place()) {
      fs::rename(file_.path(), complete);
    } else {
      fs::copy_file(file_.readable_path(), complete);
    }
  }

  fs::path path_;
  VideoSettings settings_;
  EncoderPlan plan_;
  int hurry_ = 0;
  OutputFile file_;
  std::unique_ptr<VideoStream> stream_;
};

}  // namespace

fs::path part_path(const fs::path& path, const std::string& extension) {
  return unused_path(path_in(path.parent_path(), path.stem().string(), ".part" + extension));
}

fs::path landing_path(const fs::path& path) {
  const fs::path folder = fs::absolute(path).parent_path();
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? home_folder() / path.filename() : path;
}

fs::path land(const fs::path& finished, fs::path path, bool replace) {
  while (!move_into_place(finished, path, replace))
    path = unused_path(path);
  return path;
}

std::unique_ptr<FrameWriter> open_video_file(const fs::path& path, const VideoSettings& settings) {
  return std::make_unique<VideoFile>(path, settings);
}

}  // namespace facemorph
