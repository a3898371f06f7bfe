#include "base/error.hpp"
#include "pictures/decode.hpp"
#include "pictures/encoders.hpp"
#include "pictures/shrinker.hpp"
#include "pictures/test_images.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <functional>

// Pictures of any size: what they come to, and what they take.

namespace facemorph {
namespace {

using testing::bytes_of;
using testing::Encoded;
using ::testing::HasSubstr;
using testing::jpeg_of;
using testing::png_of;
using ::testing::ThrowsMessage;
using testing::webp_of;

/// From black at the left to white at the right.
Image ramp(int width, int height) {
  Image image = solid(width, height, 0, 0, 0);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const std::size_t x = i / 4 % static_cast<std::size_t>(width);
    for (std::size_t c = 0; c < 3; ++c)
      image.rgba[i + c] = static_cast<std::uint8_t>(x * 255 / static_cast<std::size_t>(width));
  }
  return image;
}

std::string big_endian(std::uint32_t value) {
  std::string text;
  for (unsigned shift = 32; shift > 0; shift -= 8)
    text += static_cast<char>(value >> (shift - 8) & 0xFFU);
  return text;
}

std::string png_chunk(const std::string& type, const std::string& body) {
  const std::string all = type + body;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(all.data()), static_cast<uInt>(all.size()));
  return big_endian(static_cast<std::uint32_t>(body.size())) + all +
         big_endian(static_cast<std::uint32_t>(sum));
}

/// Grey, all of one value, of a size that no test would want in memory.
Encoded flat_png(std::uint32_t width, std::uint32_t height, bool interlaced) {
  const std::size_t rows = (std::size_t{width} + 1) * height + (interlaced ? height : 0);
  std::string packed(compressBound(rows) / 100 + 100'000, '\0');
  z_stream stream{};
  deflateInit(&stream, 1);
  std::string block(1 << 16, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  for (std::size_t done = 0; done < rows; done += block.size()) {
    stream.next_in = reinterpret_cast<Bytef*>(block.data());
    stream.avail_in = static_cast<uInt>(std::min(block.size(), rows - done));
    deflate(&stream, Z_NO_FLUSH);
  }
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  const std::string header = big_endian(width) + big_endian(height) + '\x08' +
                             std::string(3, '\0') + (interlaced ? '\x01' : '\0');
  return bytes_of("\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + png_chunk("IDAT", packed) +
                  png_chunk("IEND", ""));
}

/// A lossless WebP of one colour: a few bytes, whatever its size says.
Encoded flat_webp(std::uint32_t width, std::uint32_t height) {
  Encoded bytes = webp_of(solid(1, 1, 9, 9, 9));
  constexpr std::size_t kSize = 21;  // two numbers of 14 bits, less one, behind the signature
  const std::uint32_t size = (width - 1) | (height - 1) << 14U;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto kept = i < 3 ? 0U : std::to_integer<std::uint32_t>(bytes[kSize + i]) & 0xF0U;
    bytes[kSize + i] = static_cast<std::byte>((size >> 8 * i & 0xFFU) | kept);
  }
  return bytes;
}

/// Megabytes that a process of its own needs at most, beyond what it begins with.
long megabytes_for(const std::function<void()>& work) {
  const auto peak = [](const std::function<void()>& call) {
    const pid_t child = fork();
    if (child == 0) {
      call();
      _exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    rusage used{};
    wait4(child, &status, 0, &used);
    EXPECT_EQ(status, 0);
    return used.ru_maxrss;
  };
  return (peak(work) - peak([] {})) / 1024;
}

TEST(Shrink, ALargePictureMayComeSmallerButNotTooSmall) {
  const Image image = ramp(1600, 1200);
  for (const Encoded& file : {jpeg_of(image), png_of(image), png_of(image, {.interlaced = true}),
                              webp_of(image), webp_of(image, 90)}) {
    EXPECT_EQ(decode_picture(file).width, 1600);
    const Image small = decode_picture(file, 64);
    EXPECT_LE(small.height, 300);
    EXPECT_GE(small.height, 128);
    EXPECT_EQ(decode_picture(file, 1000).height, 1200);
    // Nothing is shifted or darker.
    EXPECT_NEAR(value_at(small, small.width / 4, small.height / 2), 64, 3);
    EXPECT_NEAR(value_at(small, small.width - 2, 1), 254, 3);
  }
}

TEST(Shrink, InterlacedPicturesShrinkToTheSame) {
  const Image image = noise(517, 389);
  EXPECT_EQ(decode_picture(png_of(image, {.interlaced = true}), 32),
            decode_picture(png_of(image), 32));
}

TEST(Shrink, TransparentPixelsDoNotCountAsColours) {
  Image image = solid(64, 64, 200, 100, 50);
  for (std::size_t i = 0; i < image.rgba.size(); i += 8) {  // every other column
    image.rgba[i] = 0;
    image.rgba[i + 3] = 0;
  }
  for (const Encoded& file : {png_of(image, {.alpha = true}), webp_of(image)}) {
    const Image small = decode_picture(file, 8);
    ASSERT_EQ(small.width, 16);
    EXPECT_NEAR(value_at(small, 5, 5, 0), 200, 2);
    EXPECT_NEAR(value_at(small, 5, 5, 3), 128, 1);
  }
}

TEST(Shrink, PanoramasAreRead) {
  const Image image = ramp(20'000, 40);
  for (const Encoded& file : {jpeg_of(image), png_of(image)}) {
    const Image small = decode_picture(file, 8);
    EXPECT_GE(small.height, 16);
    EXPECT_NEAR(value_at(small, small.width / 2, 8), 127, 2);
  }
  EXPECT_EQ(decode_picture(jpeg_of(ramp(20'000, 8))).width, 20'000);
}

TEST(Shrink, TheSmallestThatIsAllowedIsTakenWhereMemoryIsShort) {
  EXPECT_EQ(shrunk_size({3000, 1000}, 100, 1 << 30), (Extent{600, 200}));
  EXPECT_EQ(shrunk_size({3000, 1000}, 0, 1 << 30), (Extent{3000, 1000}));
  EXPECT_EQ(shrunk_size({3000, 1000}, 100, 20 * 300 * 100), (Extent{300, 100}));
  EXPECT_EQ(shrunk_size({3000, 150}, 100, 1 << 30), (Extent{3000, 150}));
  EXPECT_THAT(
      [] {
        shrunk_size({3000, 1000}, 100, 20 * 300 * 99);
      },
      ThrowsMessage<Error>(HasSubstr("3000 x 1000")));
}

TEST(Shrink, APngIsNeverWholeInMemory) {
  for (const bool interlaced : {false, true}) {
    const Encoded file = flat_png(12'000, 8'000, interlaced);
    EXPECT_EQ(decode_picture(file, 64).height, 129);
    EXPECT_LT(megabytes_for([&] { decode_picture(file, 64); }), 30);
  }
}

TEST(Shrink, WhatWouldTakeTooMuchIsRefusedBeforeItDoes) {
  for (const Encoded& file : {flat_webp(16'000, 12'000), flat_png(16'000, 12'000, false)})
    EXPECT_THAT([&] { decode_picture(file, 64); },
                ThrowsMessage<Error>(HasSubstr("16000 x 12000")));
  const Encoded webp = flat_webp(5'000, 4'000);
  EXPECT_EQ(decode_picture(webp, 64).height, 129);
  EXPECT_LT(megabytes_for([&] { decode_picture(webp, 64); }), 200);
  EXPECT_LT(
      megabytes_for([&] { EXPECT_THROW(decode_picture(flat_webp(16'000, 12'000), 64), Error); }),
      20);
}

}  // namespace
}  // namespace facemorph
