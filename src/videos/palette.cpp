#include "videos/palette.hpp"

#include "base/error.hpp"

namespace facemorph {
namespace {

using libav::checked;

constexpr const char* kProblem = "The colours of the GIF could not be chosen";

AVFilterContext* add_source(AVFilterGraph& graph, const AVFrame& like, FrameRate fps,
                            const char* name) {
  const std::string arguments =
      "video_size=" + std::to_string(like.width) + "x" + std::to_string(like.height) +
      ":pix_fmt=" + std::to_string(like.format) + ":time_base=" + std::to_string(fps.seconds()) +
      "/" + std::to_string(fps.frames()) + ":pixel_aspect=1/1";
  AVFilterContext* filter = nullptr;
  checked(avfilter_graph_create_filter(&filter, avfilter_get_by_name("buffer"), name,
                                       arguments.c_str(), nullptr, &graph),
          kProblem);
  return filter;
}

AVFilterContext* add_filter(AVFilterGraph& graph, const char* name, const std::string& arguments) {
  AVFilterContext* filter = nullptr;
  checked(avfilter_graph_create_filter(&filter, avfilter_get_by_name(name), name, arguments.c_str(),
                                       nullptr, &graph),
          kProblem);
  return filter;
}

void connect(AVFilterContext* from, AVFilterContext* to, unsigned input = 0) {
  checked(avfilter_link(from, 0, to, input), kProblem);
}

libav::Owned<AVFrame> next_frame(AVFilterContext* out) {
  libav::Owned<AVFrame> frame(av_frame_alloc());
  const int code = av_buffersink_get_frame(out, frame.get());
  if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return nullptr;
  checked(code, kProblem);
  return frame;
}

}  // namespace

PaletteFinder::PaletteFinder(const AVFrame& like, FrameRate fps, bool alpha)
    : graph_(avfilter_graph_alloc()) {
  in_ = add_source(*graph_, like, fps, "in");
  AVFilterContext* find =
      add_filter(*graph_, "palettegen", alpha ? "reserve_transparent=1" : "reserve_transparent=0");
  out_ = add_filter(*graph_, "buffersink", {});
  connect(in_, find);
  connect(find, out_);
  checked(avfilter_graph_config(graph_.get(), nullptr), kProblem);
}

void PaletteFinder::add(AVFrame& frame) {
  checked(av_buffersrc_add_frame_flags(in_, &frame, AV_BUFFERSRC_FLAG_KEEP_REF), kProblem);
}

libav::Owned<AVFrame> PaletteFinder::palette() {
  checked(av_buffersrc_add_frame_flags(in_, nullptr, 0), kProblem);
  libav::Owned<AVFrame> palette = next_frame(out_);
  if (!palette) throw Error(std::string(kProblem) + ".");
  return palette;
}

PaletteMapper::PaletteMapper(const AVFrame& like, AVFrame& palette, FrameRate fps, Dither dither)
    : graph_(avfilter_graph_alloc()) {
  in_ = add_source(*graph_, like, fps, "in");
  AVFilterContext* colours = add_source(*graph_, palette, fps, "colours");
  const char* how = dither == Dither::None      ? "none"
                    : dither == Dither::Ordered ? "bayer:bayer_scale=3"
                                                : "sierra2_4a";
  AVFilterContext* use = add_filter(*graph_, "paletteuse", std::string("dither=") + how);
  out_ = add_filter(*graph_, "buffersink", {});
  connect(in_, use, 0);
  connect(colours, use, 1);
  connect(use, out_);
  checked(avfilter_graph_config(graph_.get(), nullptr), kProblem);
  palette.pts = 0;
  checked(av_buffersrc_add_frame_flags(colours, &palette, AV_BUFFERSRC_FLAG_KEEP_REF), kProblem);
  checked(av_buffersrc_add_frame_flags(colours, nullptr, 0), kProblem);
}

void PaletteMapper::add(AVFrame& frame) {
  checked(av_buffersrc_add_frame_flags(in_, &frame, AV_BUFFERSRC_FLAG_KEEP_REF), kProblem);
}

void PaletteMapper::end() {
  checked(av_buffersrc_add_frame_flags(in_, nullptr, 0), kProblem);
}

libav::Owned<AVFrame> PaletteMapper::take() {
  return next_frame(out_);
}

}  // namespace facemorph
