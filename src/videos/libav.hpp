#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// FFmpeg's objects, owned. Only this room includes it.

namespace facemorph::libav {

struct Release {
  void operator()(AVCodecContext* object) const { avcodec_free_context(&object); }
  void operator()(AVFrame* object) const { av_frame_free(&object); }
  void operator()(AVPacket* object) const { av_packet_free(&object); }
  void operator()(SwsContext* object) const { sws_freeContext(object); }
  void operator()(AVFilterGraph* object) const { avfilter_graph_free(&object); }
};
struct CloseInput {
  void operator()(AVFormatContext* object) const { avformat_close_input(&object); }
};
struct FreeOutput {
  void operator()(AVFormatContext* object) const { avformat_free_context(object); }
};

template <typename T>
using Owned = std::unique_ptr<T, Release>;
using Input = std::unique_ptr<AVFormatContext, CloseInput>;
using Output = std::unique_ptr<AVFormatContext, FreeOutput>;

/// Options by name; those that this FFmpeg does not know are left out.
using Options = std::vector<std::pair<std::string, std::string>>;
class Dictionary {
 public:
  explicit Dictionary(const Options& options) {
    for (const auto& [name, value] : options)
      av_dict_set(&entries_, name.c_str(), value.c_str(), 0);
  }
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
  ~Dictionary() { av_dict_free(&entries_); }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

/// Silences FFmpeg, which prints to the terminal otherwise: errors are told by exceptions.
void quieten();

/// Throws Error("`what`: FFmpeg's reason") for a negative code, else returns it.
int checked(int code, std::string_view what);

/// From and to RGBA with the colours of BT.709, in limited range where it is YUV.
Owned<SwsContext> rgba_to(AVPixelFormat format, int width, int height, bool alpha);
Owned<SwsContext> from_bgra(AVPixelFormat format, int width, int height, bool alpha);
Owned<SwsContext> to_rgba(const AVFrame& frame);

Owned<AVFrame> new_frame(AVPixelFormat format, int width, int height);

}  // namespace facemorph::libav
