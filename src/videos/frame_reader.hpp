#pragma once

#include "videos/libav.hpp"

#include <filesystem>

namespace facemorph {

/// Decodes a video frame by frame, in FFmpeg's own form.
class FrameReader {
 public:
  explicit FrameReader(const std::filesystem::path& path);
  /// The next frame in display order, valid until the next call; null at the end.
  AVFrame* next();
  const AVCodecContext& codec() const { return *codec_; }
  const AVStream& stream() const { return *input_->streams[index_]; }
  double seconds() const;
  /// When a frame is shown, in seconds.
  double time_of(const AVFrame& frame) const;

 private:
  libav::Input input_;
  int index_ = 0;
  libav::Owned<AVCodecContext> codec_;
  libav::Owned<AVFrame> frame_;
  libav::Owned<AVPacket> packet_;
  bool drained_ = false;
};

}  // namespace facemorph
