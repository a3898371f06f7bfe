#include "base/error.hpp"
#include "base/files.hpp"
#include "videos/frame_reader.hpp"
#include "videos/frame_writers.hpp"
#include "videos/palette.hpp"
#include "videos/video_session.hpp"
#include "videos/video_stream.hpp"

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// GIF, WebP and APNG: kept without loss as the frames come, and written when all are there.
class AnimationFile : public FrameWriter {
 public:
  AnimationFile(const fs::path& path, const VideoSettings& settings)
      : path_(path),
        settings_(settings),
        plan_(plan_encoder(settings)),
        file_(part_path(path, ".mkv")) {
    try {
      stream_ = std::make_unique<VideoStream>(file_, plan_spool(settings.alpha), settings);
    } catch (...) {
      file_.remove();
      throw;
    }
  }

  void write(const Image& frame) override { stream_->write(frame); }

  fs::path finish(const std::function<void(double)>& progress) override {
    finish_or_keep(*stream_, file_);
    const fs::path target = landing_path(path_);
    const fs::path complete = unfinished_path(target);
    try {
      encode_into(complete, progress);
      if (!settings_.session.empty()) embed_session(complete, settings_.format, settings_.session);
      const fs::path landed = land(complete, target, settings_.replace);
      file_.remove();
      return landed;
    } catch (const Error& error) {
      std::error_code ignored;
      fs::remove(complete, ignored);
      throw Error(std::string(error.what()) + " The frames are kept in " + file_.path().string() +
                  ".");
    }
  }

  void discard() override { file_.remove(); }

 private:
  using Progress = std::function<void(double)>;

  void for_each_frame(const std::function<void(AVFrame&)>& use) {
    FrameReader reader(file_.readable_path());
    const AVRational ticks = reader.stream().time_base;
    while (AVFrame* frame = reader.next()) {
      frame->pts = av_rescale_q(frame->best_effort_timestamp, ticks,
                                {settings_.fps.seconds(), settings_.fps.frames()});
      use(*frame);
    }
  }

  void encode_into(const fs::path& complete, const Progress& progress) {
    OutputFile file(complete);
    VideoStream stream(file, plan_, settings_);
    if (settings_.format == VideoFormat::Gif)
      encode_gif(stream, progress);
    else
      encode_colours(stream, progress);
    stream.finish();
  }

  void tell(const Progress& progress, double done) const {
    if (progress) progress(done / static_cast<double>(stream_->frames()));
  }

  void encode_colours(VideoStream& stream, const Progress& progress) {
    const auto pixels = static_cast<AVPixelFormat>(plan_.pixels);
    libav::Owned<AVFrame> converted = libav::new_frame(pixels, settings_.width, settings_.height);
    const auto colours =
        libav::from_bgra(pixels, settings_.width, settings_.height, settings_.alpha);
    for_each_frame([&](const AVFrame& frame) {
      libav::checked(av_frame_make_writable(converted.get()), "A frame could not be made");
      sws_scale(colours.get(), frame.data, frame.linesize, 0, frame.height, converted->data,
                converted->linesize);
      stream.write(*converted);
      tell(progress, static_cast<double>(stream.frames()));
    });
  }

  void encode_gif(VideoStream& stream, const Progress& progress) {
    std::unique_ptr<PaletteFinder> finder;
    double seen = 0;
    for_each_frame([&](AVFrame& frame) {
      if (!finder) finder = std::make_unique<PaletteFinder>(frame, settings_.fps, settings_.alpha);
      finder->add(frame);
      tell(progress, ++seen * 0.3);
    });
    if (!finder) throw Error("The frames could not be read back.");
    const libav::Owned<AVFrame> palette = finder->palette();
    std::unique_ptr<PaletteMapper> mapper;
    const auto write_ready = [&] {
      while (const libav::Owned<AVFrame> frame = mapper->take())
        stream.write(*frame);
    };
    for_each_frame([&](AVFrame& frame) {
      if (!mapper)
        mapper = std::make_unique<PaletteMapper>(frame, *palette, settings_.fps, settings_.dither);
      mapper->add(frame);
      write_ready();
      tell(progress, seen * 0.3 + static_cast<double>(stream.frames()) * 0.7);
    });
    mapper->end();
    write_ready();
  }

  fs::path path_;
  VideoSettings settings_;
  EncoderPlan plan_;
  OutputFile file_;
  std::unique_ptr<VideoStream> stream_;
};

}  // namespace

std::unique_ptr<FrameWriter> open_animation_file(const fs::path& path,
                                                 const VideoSettings& settings) {
  return std::make_unique<AnimationFile>(path, settings);
}

}  // namespace facemorph
