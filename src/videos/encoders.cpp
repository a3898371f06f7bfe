#include "videos/encoders.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

namespace facemorph {
namespace {

constexpr std::array<VideoFormatInfo, 8> kFormats = {{
    {VideoFormat::Mp4, "mp4", "MP4 (H.264)", ".mp4", "plays everywhere", 240, false, true},
    {VideoFormat::WebM, "webm", "WebM (VP9)", ".webm", "for web pages; small", 240, true, true},
    {VideoFormat::Gif, "gif", "GIF", ".gif", "for chats; 256 colours", 50, false, false},
    {VideoFormat::WebP, "webp", "Animated WebP", ".webp", "as GIF, in full colour", 100, true,
     false},
    {VideoFormat::Apng, "apng", "Animated PNG", ".apng", "lossless; large", 100, true, false},
    {VideoFormat::ProRes, "mov", "ProRes 4444", ".mov", "for editing; large", 240, true, false},
    {VideoFormat::PngFolder, "frames", "PNG files", "", "one file a frame", 240, true, false},
    {VideoFormat::PngZip, "zip", "PNG files, zipped", ".zip", "one archive", 240, true, false},
}};

constexpr int kHundredths = 100;  // GIF's clock

template <typename T>
T by_quality(VideoQuality quality, std::type_identity_t<T> small, T good, T best) {
  if (quality == VideoQuality::Small) return small;
  return quality == VideoQuality::Good ? good : best;
}

std::string text(int number) {
  return std::to_string(number);
}

int threads() {
  return std::min(cores(), 16);
}

EncoderPlan plan_of(std::initializer_list<const char*> names, VideoFormat format) {
  EncoderPlan plan;
  plan.codec = &find_encoder(names, format);
  return plan;
}

/// In live takes every step of speed has the same stream headers (CABAC, 8x8 transform, one
/// reference, no B frames), so that the encoder can be exchanged at a key frame.
EncoderPlan plan_h264(const VideoSettings& settings, int hurry) {
  EncoderPlan plan = plan_of({"libx264", "libopenh264"}, settings.format);
  plan.pixels = AV_PIX_FMT_YUV420P;
  if (std::string_view(plan.codec->name) == "libx264") {
    const char* preset =
        settings.live
            ? std::array{"veryfast", "superfast", "ultrafast"}[static_cast<std::size_t>(hurry)]
            : by_quality(settings.quality, "medium", "veryfast", "medium");
    plan.options = {{"preset", preset}, {"crf", by_quality(settings.quality, "24", "17", "12")}};
    // Faces that change smoothly hardly move: a finer search took a fifth of the time for 0.6 dB.
    if (!settings.live && settings.quality == VideoQuality::Good)
      plan.options.emplace_back("x264-params", "subme=1:me=dia");
    if (settings.live)
      plan.options.emplace_back("x264-params",
                                "cabac=1:8x8dct=1:ref=1:bframes=0:weightp=0:rc-lookahead=0:"
                                "sync-lookahead=0:mbtree=0:scenecut=0");
  } else {
    plan.options = {{"rc_mode", "quality"}};
  }
  plan.muxer = "mp4";
  return plan;
}

EncoderPlan plan_vp9(const VideoSettings& settings, int hurry) {
  EncoderPlan plan = plan_of({"libvpx-vp9"}, settings.format);
  plan.pixels = settings.alpha ? AV_PIX_FMT_YUVA420P : AV_PIX_FMT_YUV420P;
  plan.options = {{"b", "0"},
                  {"crf", by_quality(settings.quality, "36", "24", "14")},
                  {"row-mt", "1"},
                  {"deadline", settings.live ? "realtime" : "good"},
                  {"cpu-used", settings.live ? text(6 + hurry) : "5"}};
  if (settings.live) plan.options.emplace_back("lag-in-frames", "0");
  if (settings.alpha) plan.options.emplace_back("auto-alt-ref", "0");
  plan.muxer = "webm";
  plan.muxer_options = {{"cluster_time_limit", "500"}};
  return plan;
}

EncoderPlan plan_prores(const VideoSettings& settings) {
  EncoderPlan plan = plan_of({"prores_ks"}, settings.format);
  plan.pixels = settings.alpha ? AV_PIX_FMT_YUVA444P10LE : AV_PIX_FMT_YUV444P10LE;
  plan.options = {
      {"profile", "4444"}, {"vendor", "apl0"}, {"alpha_bits", settings.alpha ? "16" : "0"}};
  plan.quality_scale = by_quality(settings.quality, 9, 4, 1);
  plan.muxer = "mov";
  return plan;
}

EncoderPlan plan_gif(const VideoSettings& settings) {
  EncoderPlan plan = plan_of({"gif"}, settings.format);
  plan.pixels = AV_PIX_FMT_PAL8;
  plan.time_base = {1, kHundredths};
  plan.muxer = "gif";
  plan.muxer_options = {{"loop", "0"}};
  return plan;
}

EncoderPlan plan_webp(const VideoSettings& settings) {
  EncoderPlan plan = plan_of({"libwebp_anim"}, settings.format);
  plan.pixels = settings.alpha ? AV_PIX_FMT_YUVA420P : AV_PIX_FMT_YUV420P;
  plan.options = {{"quality", by_quality(settings.quality, "60", "82", "95")},
                  {"compression_level", "2"}};
  plan.time_base = {1, 1000};
  plan.muxer = "webp";
  plan.muxer_options = {{"loop", "0"}};
  return plan;
}

EncoderPlan plan_apng(const VideoSettings& settings) {
  EncoderPlan plan = plan_of({"apng"}, settings.format);
  plan.pixels = settings.alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24;
  plan.options = {{"pred", "mixed"}};
  plan.muxer = "apng";
  plan.muxer_options = {{"plays", "0"}};
  return plan;
}

EncoderPlan plan_format(const VideoSettings& settings, int hurry) {
  switch (settings.format) {
    case VideoFormat::Mp4:
      return plan_h264(settings, hurry);
    case VideoFormat::WebM:
      return plan_vp9(settings, hurry);
    case VideoFormat::ProRes:
      return plan_prores(settings);
    case VideoFormat::Gif:
      return plan_gif(settings);
    case VideoFormat::WebP:
      return plan_webp(settings);
    case VideoFormat::Apng:
      return plan_apng(settings);
    default:
      throw Error("PNG files need no encoder.");
  }
}

/// The pieces around the encoder that a format needs.
void check_muxer(const EncoderPlan& plan, VideoFormat format) {
  if (av_guess_format(plan.muxer.c_str(), nullptr, nullptr) == nullptr)
    throw Error("This computer's FFmpeg cannot write " + std::string(info_of(format).title) +
                " files.");
  if (format == VideoFormat::Gif)
    for (const char* filter : {"palettegen", "paletteuse"})
      if (avfilter_get_by_name(filter) == nullptr)
        throw Error("This computer's FFmpeg has no " + std::string(filter) +
                    ", which chooses the colours of a GIF.");
}

}  // namespace

std::span<const VideoFormatInfo> video_formats() {
  return kFormats;
}

const VideoFormatInfo& info_of(VideoFormat format) {
  return *std::ranges::find(kFormats, format, &VideoFormatInfo::format);
}

std::optional<VideoFormat> video_format_named(std::string_view name) {
  const auto* found = std::ranges::find(kFormats, name, &VideoFormatInfo::name);
  return found == kFormats.end() ? std::nullopt : std::optional(found->format);
}

std::optional<VideoFormat> video_format_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  const auto* found = std::ranges::find(kFormats, extension, &VideoFormatInfo::extension);
  return found == kFormats.end() ? std::nullopt : std::optional(found->format);
}

const AVCodec& find_encoder(std::initializer_list<const char*> names, VideoFormat format) {
  for (const char* name : names)
    if (const AVCodec* codec = avcodec_find_encoder_by_name(name)) return *codec;
  throw Error("This computer's FFmpeg has no encoder for " + std::string(info_of(format).title) +
              " (it would take " + *names.begin() + ").");
}

bool needs_spool(VideoFormat format) {
  return format == VideoFormat::Gif || format == VideoFormat::WebP || format == VideoFormat::Apng;
}

int hurry_steps(VideoFormat format) {
  return format == VideoFormat::Mp4 || format == VideoFormat::WebM ? 2 : 0;
}

EncoderPlan plan_spool(bool alpha) {
  EncoderPlan plan;
  plan.codec = avcodec_find_encoder_by_name("ffv1");
  if (plan.codec == nullptr)
    throw Error("This computer's FFmpeg has no FFV1 encoder, which keeps the frames meanwhile.");
  plan.pixels = alpha ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR0;
  plan.options = {{"level", "3"}, {"slices", "4"}, {"g", "1"}};
  plan.muxer = "matroska";
  plan.muxer_options = {{"cluster_time_limit", "500"}};
  return plan;
}

EncoderPlan plan_encoder(const VideoSettings& settings, int hurry) {
  libav::quieten();
  EncoderPlan plan = plan_format(settings, std::min(hurry, hurry_steps(settings.format)));
  check_muxer(plan, settings.format);
  return plan;
}

libav::Owned<AVCodecContext> open_encoder(const EncoderPlan& plan, int width, int height,
                                          FrameRate fps) {
  libav::Owned<AVCodecContext> codec(avcodec_alloc_context3(plan.codec));
  if (!codec) throw std::bad_alloc();
  codec->width = width;
  codec->height = height;
  codec->pix_fmt = plan.pixels;
  codec->time_base =
      plan.time_base.num > 0 ? plan.time_base : AVRational{fps.seconds(), fps.frames()};
  codec->framerate = {fps.frames(), fps.seconds()};
  codec->gop_size = static_cast<int>(
      std::lround(fps.per_second()));  // seconds can be sought, and start a fragment
  codec->thread_count = threads();
  if ((av_pix_fmt_desc_get(plan.pixels)->flags & AV_PIX_FMT_FLAG_RGB) == 0 &&
      plan.pixels != AV_PIX_FMT_PAL8) {
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
  }
  if (plan.quality_scale > 0) {
    codec->flags |= AV_CODEC_FLAG_QSCALE;
    codec->global_quality = FF_QP2LAMBDA * plan.quality_scale;
  }
  const AVOutputFormat* muxer = av_guess_format(plan.muxer.c_str(), nullptr, nullptr);
  if (muxer != nullptr && (muxer->flags & AVFMT_GLOBALHEADER) != 0)
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  libav::Dictionary options(plan.options);
  libav::checked(avcodec_open2(codec.get(), plan.codec, options.get()),
                 "The encoder " + std::string(plan.codec->name) + " does not start");
  return codec;
}

std::string why_unavailable(VideoFormat format) {
  if (format == VideoFormat::PngFolder || format == VideoFormat::PngZip) return {};
  try {
    VideoSettings settings;
    settings.format = format;
    open_encoder(plan_encoder(settings), 64, 64, 25);
    if (needs_spool(format)) open_encoder(plan_spool(false), 64, 64, 25);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace facemorph
