#pragma once

#include "videos/encoders.hpp"
#include "videos/output_file.hpp"

#include <cstdint>
#include <functional>

namespace facemorph {

/// Encodes pictures into a file, one stream of them.
class VideoStream {
 public:
  /// `settings` gives size, fps, alpha, title and session. Throws Error.
  VideoStream(OutputFile& file, const EncoderPlan& plan, const VideoSettings& settings);

  /// Throws Error when it cannot be encoded or written.
  void write(const Image& image);
  /// A frame in the encoder's own pixel format.
  void write(AVFrame& frame);
  /// Goes on with another encoder from the next frame on. False, and everything stays as it is,
  /// when the two do not make one stream.
  bool change_encoder(const EncoderPlan& plan);
  /// Writes what is still in the encoder, and the file's end.
  void finish();
  std::int64_t frames() const { return frames_; }

 private:
  void encode(const AVFrame* frame);
  void check_file();

  OutputFile& file_;
  VideoSettings settings_;
  libav::Owned<AVCodecContext> codec_;
  libav::Output output_;
  AVStream* stream_ = nullptr;
  libav::Owned<SwsContext> colours_;
  libav::Owned<AVFrame> frame_;
  libav::Owned<AVPacket> packet_;
  std::int64_t frames_ = 0;
};

/// Finishes the file. When that fails it stays as it is: the fragments that are there still play.
/// Throws Error, and removes the file, when nothing was written.
void finish_or_keep(VideoStream& stream, OutputFile& file);

/// The metadata key of the session in containers that have keys.
inline constexpr const char* kSessionKey = "facemorph_session";

/// Copies the streams of a file into one whose index comes first, so that it plays while it loads.
/// `to` is replaced. Throws Error.
void remux(const std::filesystem::path& from, const std::filesystem::path& to,
           const std::string& muxer, const std::function<void(double)>& progress);

}  // namespace facemorph
