#include "videos/video_stream.hpp"

#include "base/error.hpp"

#include <array>
#include <cassert>
#include <cstring>

namespace facemorph {
namespace {

using libav::checked;

bool is_mp4(const std::string& muxer) {
  return muxer == "mp4" || muxer == "mov";
}

/// Fragments of half a second: each is whole in itself, so a file that was cut off plays.
libav::Options streaming_options(const EncoderPlan& plan) {
  libav::Options options = plan.muxer_options;
  if (is_mp4(plan.muxer)) {
    options.emplace_back("movflags",
                         "frag_keyframe+delay_moov+default_base_moof+use_metadata_tags");
    options.emplace_back("frag_duration", "500000");
  }
  return options;
}

void set_metadata(AVFormatContext& output, const VideoSettings& settings) {
  if (!settings.title.empty()) av_dict_set(&output.metadata, "title", settings.title.c_str(), 0);
  if (!settings.session.empty())
    av_dict_set(&output.metadata, kSessionKey, settings.session.c_str(), 0);
}

bool same_headers(const AVCodecContext& a, const AVCodecContext& b) {
  return a.extradata_size == b.extradata_size &&
         (a.extradata_size == 0 ||
          std::memcmp(a.extradata, b.extradata, static_cast<std::size_t>(a.extradata_size)) == 0);
}

}  // namespace

VideoStream::VideoStream(OutputFile& file, const EncoderPlan& plan, const VideoSettings& settings)
    : file_(file),
      settings_(settings),
      codec_(open_encoder(plan, settings.width, settings.height, settings.fps)),
      frame_(libav::new_frame(plan.pixels, settings.width, settings.height)),
      packet_(av_packet_alloc()) {
  if (plan.pixels != AV_PIX_FMT_PAL8)
    colours_ = libav::rgba_to(plan.pixels, settings.width, settings.height, settings.alpha);
  AVFormatContext* output = nullptr;
  checked(avformat_alloc_output_context2(&output, nullptr, plan.muxer.c_str(), file.path().c_str()),
          "The video could not be started");
  output_.reset(output);
  output->pb = file.stream();
  output->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_FLUSH_PACKETS;
  stream_ = avformat_new_stream(output, nullptr);
  if (stream_ == nullptr || !packet_) throw std::bad_alloc();
  checked(avcodec_parameters_from_context(stream_->codecpar, codec_.get()),
          "The video could not be started");
  stream_->time_base = codec_->time_base;
  stream_->avg_frame_rate = codec_->framerate;
  set_metadata(*output, settings);
  libav::Dictionary options(streaming_options(plan));
  const int code = avformat_write_header(output, options.get());
  check_file();
  checked(code, "The video could not be started");
}

void VideoStream::check_file() {
  const std::string problem = file_.problem();
  if (!problem.empty()) throw Error(problem);
}

void VideoStream::write(const Image& image) {
  assert(image.width == settings_.width && image.height == settings_.height);
  checked(av_frame_make_writable(frame_.get()), "A frame could not be made");
  const std::array<const std::uint8_t*, 1> rows = {image.rgba.data()};
  const std::array<int, 1> strides = {image.width * 4};
  sws_scale(colours_.get(), rows.data(), strides.data(), 0, image.height, frame_->data,
            frame_->linesize);
  write(*frame_);
}

void VideoStream::write(AVFrame& frame) {
  frame.pts =
      av_rescale_q(frames_++, {settings_.fps.seconds(), settings_.fps.frames()}, codec_->time_base);
  frame.pict_type = AV_PICTURE_TYPE_NONE;
  encode(&frame);
}

void VideoStream::encode(const AVFrame* frame) {
  checked(avcodec_send_frame(codec_.get(), frame), "A frame could not be encoded");
  for (;;) {
    const int code = avcodec_receive_packet(codec_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    checked(code, "A frame could not be encoded");
    if (packet_->duration == 0)
      packet_->duration =
          av_rescale_q(1, {settings_.fps.seconds(), settings_.fps.frames()}, codec_->time_base);
    av_packet_rescale_ts(packet_.get(), codec_->time_base, stream_->time_base);
    packet_->stream_index = stream_->index;
    const int written = av_interleaved_write_frame(output_.get(), packet_.get());
    check_file();
    checked(written, "The video could not be written");
  }
}

bool VideoStream::change_encoder(const EncoderPlan& plan) {
  auto next = open_encoder(plan, settings_.width, settings_.height, settings_.fps);
  if (!same_headers(*codec_, *next) || next->pix_fmt != codec_->pix_fmt) return false;
  encode(nullptr);
  codec_ = std::move(next);
  return true;
}

void VideoStream::finish() {
  encode(nullptr);
  const int code = av_write_trailer(output_.get());
  file_.sync();
  checked(code, "The video could not be completed");
}

void finish_or_keep(VideoStream& stream, OutputFile& file) {
  std::string problem = "Nothing was recorded.";
  try {
    stream.finish();
  } catch (const Error& error) {
    problem = error.what();
  }
  if (stream.frames() > 0) return;
  file.remove();
  throw Error(problem);
}

void remux(const std::filesystem::path& from, const std::filesystem::path& to,
           const std::string& muxer, const std::function<void(double)>& progress) {
  AVFormatContext* opened = nullptr;
  checked(avformat_open_input(&opened, from.c_str(), nullptr, nullptr),
          "The recording could not be read back");
  const libav::Input input(opened);
  checked(avformat_find_stream_info(opened, nullptr), "The recording could not be read back");
  AVFormatContext* created = nullptr;
  checked(avformat_alloc_output_context2(&created, nullptr, muxer.c_str(), to.c_str()),
          "The video could not be completed");
  const libav::Output output(created);
  AVStream* stream = avformat_new_stream(created, nullptr);
  if (opened->nb_streams == 0 || stream == nullptr) throw Error("The recording is empty.");
  const AVStream& source = *opened->streams[0];
  checked(avcodec_parameters_copy(stream->codecpar, source.codecpar),
          "The video could not be completed");
  stream->codecpar->codec_tag = 0;
  stream->time_base = source.time_base;
  stream->avg_frame_rate = source.avg_frame_rate;
  av_dict_copy(&created->metadata, opened->metadata, 0);
  for (const char* of_the_container : {"major_brand", "minor_version", "compatible_brands"})
    av_dict_set(&created->metadata, of_the_container, nullptr, 0);
  checked(avio_open(&created->pb, to.c_str(), AVIO_FLAG_WRITE), to.string());
  struct Close {
    AVFormatContext* context;
    ~Close() { avio_closep(&context->pb); }
  } const close{created};
  libav::Dictionary options(is_mp4(muxer)
                                ? libav::Options{{"movflags", "faststart+use_metadata_tags"}}
                                : libav::Options{});
  checked(avformat_write_header(created, options.get()), to.string());
  const libav::Owned<AVPacket> packet(av_packet_alloc());
  const double seconds = static_cast<double>(opened->duration) / AV_TIME_BASE;
  while (av_read_frame(opened, packet.get()) >= 0) {
    if (packet->stream_index == 0) {
      if (progress && seconds > 0)
        progress(static_cast<double>(packet->dts) * av_q2d(source.time_base) / seconds);
      av_packet_rescale_ts(packet.get(), source.time_base, stream->time_base);
      packet->pos = -1;
      checked(av_interleaved_write_frame(created, packet.get()), to.string());
    }
    av_packet_unref(packet.get());
  }
  checked(av_write_trailer(created), to.string());
  avio_flush(created->pb);
  checked(created->pb->error, to.string());
}

}  // namespace facemorph
