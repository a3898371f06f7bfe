#include "videos/frame_reader.hpp"

#include "base/error.hpp"
#include "videos/video.hpp"

#include <array>

namespace facemorph {
namespace {

using libav::checked;

constexpr const char* kReadable =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,gif,apng,png_pipe,webp_pipe";
constexpr int kMostDamaged = 100;  // frames in a row
constexpr int kMostPixels = 16384 * 16384 / 4;

}  // namespace

FrameReader::FrameReader(const std::filesystem::path& path)
    : frame_(av_frame_alloc()), packet_(av_packet_alloc()) {
  libav::quieten();
  const std::string what = path.string() + " cannot be read as a video";
  libav::Dictionary options({{"format_whitelist", kReadable}, {"protocol_whitelist", "file"}});
  AVFormatContext* opened = nullptr;
  checked(avformat_open_input(&opened, ("file:" + path.string()).c_str(), nullptr, options.get()),
          what);
  input_.reset(opened);
  checked(avformat_find_stream_info(opened, nullptr), what);
  const AVCodec* decoder = nullptr;
  index_ = checked(av_find_best_stream(opened, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0), what);
  // VP9's transparency is a stream of its own that only libvpx puts together.
  if (decoder->id == AV_CODEC_ID_VP9)
    if (const AVCodec* libvpx = avcodec_find_decoder_by_name("libvpx-vp9")) decoder = libvpx;
  codec_.reset(avcodec_alloc_context3(decoder));
  if (!codec_ || !frame_ || !packet_) throw std::bad_alloc();
  checked(avcodec_parameters_to_context(codec_.get(), stream().codecpar), what);
  codec_->max_pixels = kMostPixels;
  codec_->thread_count = 0;
  checked(avcodec_open2(codec_.get(), decoder, nullptr), what);
}

double FrameReader::seconds() const {
  if (input_->duration == AV_NOPTS_VALUE) return 0;
  return static_cast<double>(input_->duration) / AV_TIME_BASE;
}

double FrameReader::time_of(const AVFrame& frame) const {
  return static_cast<double>(frame.best_effort_timestamp) * av_q2d(stream().time_base);
}

AVFrame* FrameReader::next() {
  for (int damaged = 0; damaged < kMostDamaged;) {
    const int code = avcodec_receive_frame(codec_.get(), frame_.get());
    if (code >= 0) return frame_.get();
    if (code == AVERROR_EOF) return nullptr;
    if (code != AVERROR(EAGAIN)) ++damaged;
    if (av_read_frame(input_.get(), packet_.get()) < 0) {
      if (std::exchange(drained_, true)) return nullptr;
      avcodec_send_packet(codec_.get(), nullptr);
      continue;
    }
    // A damaged packet (the torn end of a take) costs its frame, not the rest.
    if (packet_->stream_index == index_) avcodec_send_packet(codec_.get(), packet_.get());
    av_packet_unref(packet_.get());
  }
  return nullptr;
}

struct VideoReader::Impl {
  explicit Impl(const std::filesystem::path& path) : reader(path) {}
  FrameReader reader;
  libav::Owned<SwsContext> colours;
  double time = 0;
};

VideoReader::VideoReader(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
VideoReader::~VideoReader() = default;

int VideoReader::width() const {
  return impl_->reader.codec().width;
}
int VideoReader::height() const {
  return impl_->reader.codec().height;
}
double VideoReader::fps() const {
  return av_q2d(impl_->reader.stream().avg_frame_rate);
}
double VideoReader::seconds() const {
  return impl_->reader.seconds();
}
double VideoReader::time() const {
  return impl_->time;
}

std::optional<Image> VideoReader::next() {
  const AVFrame* frame = impl_->reader.next();
  if (frame == nullptr) return std::nullopt;
  impl_->time = impl_->reader.time_of(*frame);
  if (!impl_->colours) impl_->colours = libav::to_rgba(*frame);
  Image image{frame->width, frame->height, {}};
  image.rgba.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                    4);
  const std::array<std::uint8_t*, 1> rows = {image.rgba.data()};
  const std::array<int, 1> strides = {image.width * 4};
  sws_scale(impl_->colours.get(), frame->data, frame->linesize, 0, frame->height, rows.data(),
            strides.data());
  return image;
}

}  // namespace facemorph
