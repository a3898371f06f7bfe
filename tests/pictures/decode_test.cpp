#include "pictures/decode.hpp"

#include "base/error.hpp"
#include "pictures/decoders.hpp"
#include "pictures/test_images.hpp"

#include <gmock/gmock.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include <cmath>
#include <memory>
#include <string_view>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Red above, blue below; the left third darker. Upright it cannot be mistaken for a turned one.
Image picture(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto level = static_cast<std::uint8_t>(x < width / 3 ? 120 : 230);
      const bool above = y < height / 2;
      image.rgba.insert(image.rgba.end(), {static_cast<std::uint8_t>(above ? level : 0), 20,
                                           static_cast<std::uint8_t>(above ? 0 : level), 255});
    }
  return image;
}

std::vector<std::byte> bytes_of(const unsigned char* data, std::size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  return {begin, begin + size};
}

std::vector<std::byte> jpeg_of(const Image& image) {
  const std::unique_ptr<void, decltype(&tjDestroy)> encoder(tjInitCompress(), &tjDestroy);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  tjCompress2(encoder.get(), image.rgba.data(), image.width, 0, image.height, TJPF_RGBA, &data,
              &size, TJSAMP_444, 95, 0);
  auto bytes = bytes_of(data, size);
  tjFree(data);
  return bytes;
}

std::vector<std::byte> webp_of(const Image& image) {
  std::uint8_t* data = nullptr;
  const std::size_t size =
      WebPEncodeLosslessRGBA(image.rgba.data(), image.width, image.height, image.width * 4, &data);
  auto bytes = bytes_of(data, size);
  WebPFree(data);
  return bytes;
}

/// The JPEG with an EXIF segment that says how to turn it.
std::vector<std::byte> with_orientation(std::vector<std::byte> jpeg, int orientation) {
  std::string exif(
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "MM\0\x2A\0\0\0\x08"
      "\0\x01"
      "\x01\x12\0\x03\0\0\0\x01\0",
      29);
  exif += static_cast<char>(orientation);
  exif += std::string("\0\0\0\0\0\0", 6);
  exif[3] = static_cast<char>(exif.size() - 2);
  const auto* begin = reinterpret_cast<const std::byte*>(exif.data());
  jpeg.insert(jpeg.begin() + 2, begin, begin + exif.size());
  return jpeg;
}

double difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  if (a.rgba.size() != b.rgba.size()) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    sum += std::abs(a.rgba[i] - b.rgba[i]);
  return sum / static_cast<double>(a.rgba.size());
}

TEST(Decode, ReadsJpegAndWebp) {
  const Image image = picture(48, 32);
  EXPECT_LT(difference(decode_picture(jpeg_of(image)), image), 4);
  EXPECT_EQ(decode_picture(webp_of(image)), image);
}

TEST(Decode, TurnsJpegUprightAsExifSays) {
  const Image image = picture(48, 32);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    // Applying the inverse orientation beforehand must be undone: 6 and 8 undo each other, the rest
    // themselves.
    const int inverse = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
    const auto stored = jpeg_of(upright(image, inverse));
    EXPECT_LT(difference(decode_picture(with_orientation(stored, orientation)), image), 4);
  }
}

TEST(Decode, OrientationSixTurnsClockwise) {
  // The camera was held on its side: what is stored at the left belongs above.
  Image stored{2, 1, {255, 0, 0, 255, 0, 0, 255, 255}};
  const Image turned = upright(stored, 6);
  EXPECT_EQ(turned.width, 1);
  EXPECT_EQ(turned.height, 2);
  EXPECT_EQ(turned.rgba[0], 255);  // red above
  EXPECT_EQ(upright(stored, 8).rgba[0], 0);
}

TEST(Decode, ALargeJpegMayComeSmallerButNotTooSmall) {
  const auto jpeg = jpeg_of(picture(1600, 1200));
  EXPECT_EQ(decode_picture(jpeg).width, 1600);
  const Image small = decode_picture(jpeg, 64);
  EXPECT_LE(small.height, 300);
  EXPECT_GE(small.height, 128);
  EXPECT_EQ(decode_picture(jpeg, 1000).height, 1200);
}

TEST(Decode, DamageIsNamed) {
  const auto damaged = [](std::vector<std::byte> bytes, std::size_t size) {
    bytes.resize(size);
    return [bytes] { decode_picture(bytes); };
  };
  const auto jpeg = jpeg_of(picture(48, 32));
  const auto webp = webp_of(picture(48, 32));
  EXPECT_THAT(damaged(jpeg, jpeg.size() / 2), ThrowsMessage<Error>(HasSubstr("damaged JPEG")));
  EXPECT_THAT(damaged(webp, webp.size() / 2), ThrowsMessage<Error>(HasSubstr("damaged WebP")));
  EXPECT_THAT(damaged(jpeg, 0), ThrowsMessage<Error>(HasSubstr("empty")));
  EXPECT_THAT(damaged({std::byte{'h'}, std::byte{'i'}}, 2),
              ThrowsMessage<Error>(HasSubstr("not a JPEG, PNG or WebP")));
}

}  // namespace
}  // namespace facemorph
