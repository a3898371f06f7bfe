#pragma once

#include "videos/libav.hpp"
#include "videos/video.hpp"

#include <string>

namespace facemorph {

/// What FFmpeg is asked for to write one stream of pictures.
struct EncoderPlan {
  const AVCodec* codec = nullptr;
  AVPixelFormat pixels = AV_PIX_FMT_NONE;
  AVRational time_base{0, 1};  ///< 0: that of the frames
  libav::Options options;      ///< the encoder's own
  int quality_scale = 0;       ///< > 0: constant quantiser
  std::string muxer;
  libav::Options muxer_options;
};

/// The first of these encoders that this FFmpeg has. Throws Error, for people, when it has none.
const AVCodec& find_encoder(std::initializer_list<const char*> names, VideoFormat format);

/// A lossless stream that is quick to write and can be read again, for formats that have to see
/// the whole video before they can write it.
EncoderPlan plan_spool(bool alpha);

/// `hurry` (0 …) is how often a live take asked for more speed; steps beyond hurry_steps() are
/// the same as the last. Throws Error, with the reason for people, when this FFmpeg lacks it.
EncoderPlan plan_encoder(const VideoSettings& settings, int hurry = 0);
int hurry_steps(VideoFormat format);

/// Whether the format is written in a second pass, from a spool.
bool needs_spool(VideoFormat format);

/// Opens the encoder. Throws Error.
libav::Owned<AVCodecContext> open_encoder(const EncoderPlan& plan, int width, int height,
                                          FrameRate fps);

}  // namespace facemorph
