#include "videos/libav.hpp"

#include "base/error.hpp"

#include <array>

namespace facemorph::libav {
namespace {

constexpr int kScaling = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;

bool is_yuv(AVPixelFormat format) {
  const AVPixFmtDescriptor* about = av_pix_fmt_desc_get(format);
  return about != nullptr && (about->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) == 0;
}

Owned<SwsContext> converter(AVPixelFormat from, AVPixelFormat to, int width, int height,
                            int from_range, int to_range) {
  Owned<SwsContext> context(
      sws_getContext(width, height, from, width, height, to, kScaling, nullptr, nullptr, nullptr));
  if (!context) throw Error("FFmpeg cannot convert the colours of this video.");
  const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
  sws_setColorspaceDetails(context.get(), bt709, from_range, bt709, to_range, 0, 1 << 16, 1 << 16);
  return context;
}

}  // namespace

void quieten() {
  av_log_set_level(AV_LOG_QUIET);
}

int checked(int code, std::string_view what) {
  if (code >= 0) return code;
  std::array<char, AV_ERROR_MAX_STRING_SIZE> reason{};
  av_strerror(code, reason.data(), reason.size());
  throw Error(std::string(what) + ": " + reason.data() + ".");
}

Owned<SwsContext> rgba_to(AVPixelFormat format, int width, int height, bool alpha) {
  return converter(alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB0, format, width, height, 1,
                   is_yuv(format) ? 0 : 1);
}

Owned<SwsContext> from_bgra(AVPixelFormat format, int width, int height, bool alpha) {
  return converter(alpha ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR0, format, width, height, 1,
                   is_yuv(format) ? 0 : 1);
}

Owned<SwsContext> to_rgba(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const bool limited = is_yuv(format) && frame.color_range != AVCOL_RANGE_JPEG;
  return converter(format, AV_PIX_FMT_RGBA, frame.width, frame.height, limited ? 0 : 1, 1);
}

Owned<AVFrame> new_frame(AVPixelFormat format, int width, int height) {
  Owned<AVFrame> frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  frame->format = format;
  frame->width = width;
  frame->height = height;
  checked(av_frame_get_buffer(frame.get(), 0), "A frame could not be made");
  return frame;
}

}  // namespace facemorph::libav
