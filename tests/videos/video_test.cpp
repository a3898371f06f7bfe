#include "videos/video.hpp"
#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "pictures/test_images.hpp"
#include "videos/encoders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <webp/demux.h>

#include <cmath>
#include <fstream>
#include <iterator>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Gt;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr int kWidth = 96;
constexpr int kHeight = 64;
constexpr int kFrames = 40;

/// A soft wave of colour that moves: what faces are like for an encoder.
Image wave(int frame) {
  Image image = solid(kWidth, kHeight, 0, 0, 0);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      for (int c = 0; c < 3; ++c)
        image.rgba[static_cast<std::size_t>((y * kWidth + x) * 4 + c)] = static_cast<std::uint8_t>(
            std::lround(128 + 90 * std::sin(0.05 * x + 0.08 * y + 0.12 * frame + 1.3 * c)));
  return image;
}

double psnr(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    if (i % 4 != 3) sum += std::pow(static_cast<double>(a.rgba[i]) - b.rgba[i], 2);
  const double mean = sum / (static_cast<double>(a.rgba.size()) * 0.75);
  return mean == 0 ? 100 : 10 * std::log10(255.0 * 255.0 / mean);
}

VideoSettings settings_of(VideoFormat format, FrameRate fps = 25) {
  VideoSettings settings;
  settings.format = format;
  settings.width = kWidth;
  settings.height = kHeight;
  settings.fps = fps;
  settings.session = "{\"format\": \"facemorph-session\", \"name\": \"Änna 😀\"}";
  return settings;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path write_wave(const fs::path& path, const VideoSettings& settings) {
  const auto writer = open_video(path, settings);
  for (int i = 0; i < kFrames; ++i)
    writer->write(wave(i));
  return writer->finish({});
}

class Video : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

struct Case {
  VideoFormat format;
  double least_psnr;
};

class Written : public ::testing::TestWithParam<Case> {
 protected:
  TemporaryFolder folder_;
};

TEST_P(Written, DecodesToTheFramesThatWentIn) {
  const VideoFormatInfo& info = info_of(GetParam().format);
  ASSERT_EQ(why_unavailable(info.format), "");
  for (const int fps : {25, 30, 50}) {
    const fs::path path = folder_ / ("morph" + std::to_string(fps) + std::string(info.extension));
    EXPECT_EQ(write_wave(path, settings_of(info.format, fps)), path);
    VideoReader reader(path);
    EXPECT_EQ(reader.width(), kWidth);
    EXPECT_EQ(reader.height(), kHeight);
    EXPECT_NEAR(reader.fps(), fps, 0.5);
    if (info.format != VideoFormat::Apng) {  // it does not say
      EXPECT_NEAR(reader.seconds(), static_cast<double>(kFrames) / fps, 0.05);
    }
    int frames = 0;
    double worst = 100;
    while (const auto frame = reader.next()) {
      worst = std::min(worst, psnr(*frame, wave(frames)));
      EXPECT_NEAR(reader.time(), static_cast<double>(frames) / fps, 0.011);
      ++frames;
    }
    EXPECT_EQ(frames, kFrames);
    EXPECT_GT(worst, GetParam().least_psnr);
    EXPECT_EQ(read_video_session(path), settings_of(info.format).session);
  }
  for (const auto& entry : fs::directory_iterator(folder_.path()))
    EXPECT_EQ(entry.path().extension(), info.extension) << "nothing is left over";
}

TEST_P(Written, HasTheRateOfTelevision) {
  const VideoFormatInfo& info = info_of(GetParam().format);
  const fs::path path = folder_ / ("morph" + std::string(info.extension));
  const FrameRate rate(30000, 1001);
  write_wave(path, settings_of(info.format, rate));
  VideoReader reader(path);
  int frames = 0;
  // GIF counts in hundredths of a second, WebM and WebP in thousandths.
  const double tick = info.format == VideoFormat::Gif ? 0.011 : 0.0011;
  while (reader.next())
    EXPECT_NEAR(reader.time(), frames++ / rate.per_second(), tick);
  EXPECT_EQ(frames, kFrames);
  if (info.format == VideoFormat::Mp4 || info.format == VideoFormat::ProRes) {
    EXPECT_NEAR(reader.fps(), rate.per_second(), 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(AsVideo, Written,
                         testing::Values(Case{VideoFormat::Mp4, 37}, Case{VideoFormat::WebM, 38},
                                         Case{VideoFormat::ProRes, 40}, Case{VideoFormat::Gif, 26},
                                         Case{VideoFormat::Apng, 99}),
                         [](const auto& test) {
                           return std::string(info_of(test.param.format).name);
                         });

TEST_F(Video, AnimatedWebpIsReadByLibwebp) {  // FFmpeg writes these, but cannot read them
  const fs::path path = write_wave(folder_ / "morph.webp", settings_of(VideoFormat::WebP));
  const std::string bytes = text_of(path);
  const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  WebPAnimDecoder* decoder = WebPAnimDecoderNew(&data, nullptr);
  ASSERT_NE(decoder, nullptr);
  WebPAnimInfo info;
  ASSERT_TRUE(WebPAnimDecoderGetInfo(decoder, &info));
  EXPECT_EQ(info.canvas_width, kWidth);
  EXPECT_EQ(info.canvas_height, kHeight);
  EXPECT_EQ(info.frame_count, kFrames);
  EXPECT_EQ(info.loop_count, 0U) << "for ever";
  int time = 0;
  for (int i = 0; i < kFrames; ++i) {
    std::uint8_t* pixels = nullptr;
    ASSERT_TRUE(WebPAnimDecoderGetNext(decoder, &pixels, &time));
    Image frame{kWidth, kHeight, {}};
    frame.rgba.assign(pixels, pixels + std::size_t{kWidth} * kHeight * 4);
    EXPECT_GT(psnr(frame, wave(i)), 30);
  }
  EXPECT_EQ(time, kFrames * 40) << "milliseconds";
  WebPAnimDecoderDelete(decoder);
  EXPECT_EQ(read_video_session(path), settings_of(VideoFormat::WebP).session);
}

TEST_F(Video, PngFilesAreTheFramesThemselves) {
  const fs::path path = write_wave(folder_ / "frames", settings_of(VideoFormat::PngFolder));
  for (int i = 0; i < kFrames; ++i)
    EXPECT_EQ(read_png(path / frame_name(static_cast<std::size_t>(i))), wave(i));
  EXPECT_EQ(read_video_session(path), settings_of(VideoFormat::PngFolder).session);
}

TEST_F(Video, ZippedPngFilesAreOneArchive) {
  const fs::path path = write_wave(folder_ / "frames.zip", settings_of(VideoFormat::PngZip));
  const std::string unzip = "cd '" + folder_.path().string() +
                            "' && /usr/bin/python3 -c \"import zipfile; "
                            "z = zipfile.ZipFile('frames.zip'); assert z.testzip() is None; "
                            "z.extractall('out')\"";
  ASSERT_EQ(std::system(unzip.c_str()), 0);
  EXPECT_EQ(read_png(folder_ / "out" / frame_name(0)), wave(0));
  EXPECT_EQ(read_png(folder_ / "out" / frame_name(kFrames - 1)), wave(kFrames - 1));
  EXPECT_FALSE(fs::exists(folder_ / "frames.part.frames"));
  EXPECT_EQ(read_video_session(path), settings_of(VideoFormat::PngZip).session);
}

TEST_F(Video, H264IsTaggedAndStartsFast) {
  const std::string bytes =
      text_of(write_wave(folder_ / "morph.mp4", settings_of(VideoFormat::Mp4)));
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat")) << "plays while it loads";
  const std::size_t colours = bytes.find("colrnclx");
  ASSERT_NE(colours, std::string::npos);
  EXPECT_EQ(bytes.substr(colours + 8, 7), std::string("\0\1\0\1\0\1\0", 7)) << "BT.709, limited";
}

TEST_F(Video, TransparencyIsKept) {
  for (const VideoFormat format :
       {VideoFormat::WebM, VideoFormat::ProRes, VideoFormat::Apng, VideoFormat::PngFolder}) {
    VideoSettings settings = settings_of(format);
    settings.alpha = true;
    const fs::path path = folder_ / ("clear" + std::string(info_of(format).extension));
    Image clear = wave(3);
    for (std::size_t i = 3; i < clear.rgba.size() / 2; i += 4)
      clear.rgba[i] = 0;
    const auto writer = open_video(path, settings);
    for (int i = 0; i < 5; ++i)
      writer->write(clear);
    writer->finish({});
    const Image frame = format == VideoFormat::PngFolder ? read_png(path / frame_name(0))
                                                         : *VideoReader(path).next();
    EXPECT_LT(value_at(frame, 40, 5, 3), 5) << info_of(format).title;
    EXPECT_GT(value_at(frame, 40, 60, 3), 250) << info_of(format).title;
  }
}

TEST_F(Video, ALiveTakeIsMadeFasterWithoutASeam) {
  for (const VideoFormat format : {VideoFormat::Mp4, VideoFormat::WebM}) {
    VideoSettings settings = settings_of(format);
    settings.live = true;
    const fs::path path = folder_ / ("take" + std::string(info_of(format).extension));
    const auto writer = open_video(path, settings);
    int faster = 0;
    for (int i = 0; i < kFrames; ++i) {
      if (i % 10 == 9 && writer->hurry()) ++faster;
      writer->write(wave(i));
    }
    EXPECT_EQ(faster, 2);
    writer->finish({});
    VideoReader reader(path);
    int frames = 0;
    while (const auto frame = reader.next())
      EXPECT_GT(psnr(*frame, wave(frames++)), 34) << info_of(format).title;
    EXPECT_EQ(frames, kFrames);
  }
}

TEST_F(Video, WhatIsThereIsNotReplacedUnasked) {
  for (const char* name : {"mine.mp4", "mine.gif", "mine.zip"}) {
    std::ofstream(folder_ / name) << "precious";
    VideoSettings settings = settings_of(*video_format_of(name));
    EXPECT_THAT([&] { open_video(folder_ / name, settings); },
                ThrowsMessage<Error>(HasSubstr("exists already")));
    EXPECT_EQ(text_of(folder_ / name), "precious");
    settings.replace = true;
    write_wave(folder_ / name, settings);
    EXPECT_NE(text_of(folder_ / name), "precious");
  }
}

TEST_F(Video, AFileThatAppearsMeanwhileIsKeptToo) {
  const auto writer = open_video(folder_ / "morph.mp4", settings_of(VideoFormat::Mp4));
  writer->write(wave(0));
  std::ofstream(folder_ / "morph.mp4") << "precious";
  EXPECT_EQ(writer->finish({}), folder_ / "morph-2.mp4");
  EXPECT_EQ(text_of(folder_ / "morph.mp4"), "precious");
}

TEST_F(Video, IsKeptWhenItsFolderDisappears) {
  for (const VideoFormat format : {VideoFormat::Mp4, VideoFormat::WebM, VideoFormat::Gif}) {
    const fs::path path = folder_ / "gone" / ("morph" + std::string(info_of(format).extension));
    const auto writer = open_video(path, settings_of(format));
    for (int i = 0; i < kFrames; ++i) {
      if (i == kFrames / 2) fs::remove_all(folder_ / "gone");
      writer->write(wave(i));
    }
    ASSERT_EQ(writer->finish({}), path);
    VideoReader reader(path);
    int frames = 0;
    while (reader.next())
      ++frames;
    EXPECT_EQ(frames, kFrames);
  }
}

TEST_F(Video, PngFilesAreResumed) {
  VideoSettings settings = settings_of(VideoFormat::PngFolder);
  {
    const auto cut_short = open_video(folder_ / "frames", settings);
    for (int i = 0; i < 7; ++i)
      cut_short->write(wave(i));
    cut_short->discard();
  }
  EXPECT_THAT([&] { open_video(folder_ / "frames", settings); },
              ThrowsMessage<Error>(HasSubstr("--resume")));
  settings.resume = true;
  const auto writer = open_video(folder_ / "frames", settings);
  ASSERT_EQ(writer->resumed(), 7U);
  writer->write(wave(7));
  writer->finish({});
  EXPECT_EQ(read_png(folder_ / "frames" / frame_name(7)), wave(7));
  settings.session = "another walk";
  EXPECT_THAT([&] { open_video(folder_ / "frames", settings); },
              ThrowsMessage<Error>(HasSubstr("another export")));
}

TEST_F(Video, SettingsThatCannotBeMetAreExplained) {
  const auto opening = [&](VideoFormat format, auto change) {
    VideoSettings settings = settings_of(format);
    change(settings);
    return [this, settings] { open_video(folder_ / "x", settings); };
  };
  EXPECT_THAT(opening(VideoFormat::Gif, [](auto& s) { s.fps = 60; }),
              ThrowsMessage<UsageError>(HasSubstr("1 to 50")));
  EXPECT_THAT(opening(VideoFormat::Mp4, [](auto& s) { s.width = 97; }),
              ThrowsMessage<UsageError>(HasSubstr("even")));
  EXPECT_THAT(opening(VideoFormat::Mp4, [](auto& s) { s.alpha = true; }),
              ThrowsMessage<UsageError>(HasSubstr("WebM")));
}

TEST_F(Video, AMissingEncoderIsNamed) {
  EXPECT_THAT(
      [] {
        find_encoder({"no-such-encoder", "nor-this"}, VideoFormat::Mp4);
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("MP4 (H.264)"), HasSubstr("no-such-encoder"))));
  EXPECT_STREQ(find_encoder({"no-such-encoder", "gif"}, VideoFormat::Gif).name, "gif");
}

TEST_F(Video, StrangeFilesAreRefusedOrCarryNothing) {
  const auto write = [&](const char* name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  };
  for (const std::string& bytes :
       {std::string("GIF89a!\xFE\xFF..."),
        std::string("RIFF\xFF\xFF\xFF\xFFWEBPFMph\xFF\xFF\xFF\xFF"),
        std::string("PK\3\4..........................................................."),
        std::string("\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFFiTXt"),
        std::string("\0\0\0\x18"
                    "ftypmp42",
                    12),
        std::string(5000, '\xFF')}) {
    const fs::path path = write("strange", bytes);
    EXPECT_EQ(read_video_session(path), std::nullopt);
    try {
      EXPECT_FALSE(VideoReader(path).next());
    } catch (const Error&) {  // better still
    }
  }
}

TEST(ReadVideoSession, TakesTimeByTheSizeOfAGif) {
  // What looks like the beginning of a comment, over and over: each would be read to the end.
  const TemporaryFolder folder;
  std::string gif = "GIF89a";
  for (int i = 0; i < 4'000'000; ++i)
    gif += "\x21\xFE";
  std::ofstream(folder / "blocks.gif") << gif;
  EXPECT_EQ(read_video_session(folder / "blocks.gif"), std::nullopt);
}

}  // namespace
}  // namespace facemorph
