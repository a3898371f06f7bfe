#pragma once

#include "videos/libav.hpp"
#include "videos/video.hpp"

namespace facemorph {

/// The 256 colours of a video (FFmpeg's palettegen), found from all of its frames.
class PaletteFinder {
 public:
  PaletteFinder(const AVFrame& like, FrameRate fps, bool alpha);
  void add(AVFrame& frame);
  libav::Owned<AVFrame> palette();

 private:
  libav::Owned<AVFilterGraph> graph_;
  AVFilterContext* in_ = nullptr;
  AVFilterContext* out_ = nullptr;
};

/// Puts frames into those colours (FFmpeg's paletteuse).
class PaletteMapper {
 public:
  PaletteMapper(const AVFrame& like, AVFrame& palette, FrameRate fps, Dither dither);
  void add(AVFrame& frame);
  void end();                    ///< no more frames
  libav::Owned<AVFrame> take();  ///< the next one that is ready, or none

 private:
  libav::Owned<AVFilterGraph> graph_;
  AVFilterContext* in_ = nullptr;
  AVFilterContext* out_ = nullptr;
};

}  // namespace facemorph
