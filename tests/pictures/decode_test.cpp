#include "pictures/decode.hpp"

#include "base/error.hpp"
#include "pictures/decoders.hpp"
#include "pictures/encoders.hpp"
#include "pictures/test_images.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace facemorph {
namespace {

using testing::Encoded;
using testing::exif_block;
using ::testing::HasSubstr;
using testing::jpeg_of;
using testing::png_of;
using ::testing::ThrowsMessage;
using testing::webp_of;

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

double difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  if (a.rgba.size() != b.rgba.size()) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    sum += std::abs(a.rgba[i] - b.rgba[i]);
  return sum / static_cast<double>(a.rgba.size());
}

Encoded first_of(Encoded bytes, std::size_t size) {
  bytes.resize(size);
  return bytes;
}

TEST(Decode, ReadsJpegPngAndWebp) {
  const Image image = picture(48, 32);
  EXPECT_LT(difference(decode_picture(jpeg_of(image)), image), 4);
  EXPECT_LT(difference(decode_picture(webp_of(image, 95)), image), 4);
  EXPECT_EQ(decode_picture(webp_of(image)), image);
  EXPECT_EQ(decode_picture(png_of(image)), image);
  EXPECT_EQ(decode_picture(png_of(image, {.interlaced = true})), image);
}

TEST(Decode, KnowsAPictureByItsFirstBytes) {
  const Image image = picture(16, 16);
  for (const Encoded& file : {jpeg_of(image), png_of(image), webp_of(image)}) {
    EXPECT_TRUE(begins_as_picture(first_of(file, kPictureBeginning)));
    EXPECT_FALSE(begins_as_picture(first_of(file, 2)));
  }
  EXPECT_FALSE(begins_as_picture(testing::bytes_of("RIFF....WAVEfmt ")));
}

TEST(Decode, TurnsPicturesUprightAsExifSays) {
  const Image image = picture(48, 32);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    // Applying the inverse orientation beforehand must be undone: 6 and 8 undo each other, the rest
    // themselves.
    const Image stored = upright(image, orientation == 6 ? 8 : orientation == 8 ? 6 : orientation);
    const std::string exif = exif_block(orientation);
    EXPECT_LT(difference(decode_picture(jpeg_of(stored, {.exif = exif})), image), 4);
    EXPECT_EQ(decode_picture(png_of(stored, {.exif = exif})), image);
    EXPECT_EQ(decode_picture(png_of(stored, {.packed_exif = exif})), image);
    EXPECT_EQ(decode_picture(webp_of(stored, 0, exif)), image);
    EXPECT_EQ(decode_picture(webp_of(stored, 0, std::string(kExifPrefix) + exif)), image);
  }
}

TEST(Decode, ExifMayBeInEitherByteOrderAndAnything) {
  const auto orientation = [](const std::string& exif) {
    return exif_orientation(std::as_bytes(std::span(exif)));
  };
  const std::string little("II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0", 22);
  EXPECT_EQ(orientation(little), 8);
  for (std::size_t size = 0; size < little.size() - 3; ++size)
    EXPECT_EQ(orientation(little.substr(0, size)), 1);
  std::string far_away = little;
  far_away[7] = '\x7F';  // where its directory should be
  EXPECT_EQ(orientation(far_away), 1);
  EXPECT_EQ(orientation(exif_block(9)), 1);
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

TEST(Decode, SixteenBitsAreTheSameColoursAsEight) {
  const Image image = solid(8, 8, 71, 90, 120);
  for (const bool alpha : {false, true})
    for (const bool grey : {false, true}) {
      SCOPED_TRACE(alpha);
      SCOPED_TRACE(grey);
      const auto read = [&](int bits, bool srgb) {
        return decode_picture(
            png_of(image, {.bits = bits, .grey = grey, .alpha = alpha, .srgb = srgb}));
      };
      EXPECT_EQ(read(8, false), grey ? solid(8, 8, 71, 71, 71) : image);
      EXPECT_EQ(read(16, false), read(8, false));
      EXPECT_EQ(read(16, true), read(8, false));
    }
}

TEST(Decode, APngThatSaysThatItIsLinearIsTakenAtItsWord) {
  const Image image = solid(8, 8, 90, 90, 90);
  for (const int bits : {8, 16})
    EXPECT_NEAR(value_at(decode_picture(png_of(image, {.bits = bits, .gamma = 1.0})), 3, 3), 159,
                1);
}

TEST(Decode, InkIsReadAsColours) {
  const Image image = picture(48, 32);
  for (const J_COLOR_SPACE stored : {JCS_CMYK, JCS_YCCK})
    EXPECT_LT(difference(decode_picture(jpeg_of(image, {.stored = stored})), image), 6);
  EXPECT_LT(difference(decode_picture(jpeg_of(image, {.stored = JCS_CMYK, .adobe = false})), image),
            6);
  const Image grey = decode_picture(jpeg_of(image, {.stored = JCS_GRAYSCALE}));
  EXPECT_NEAR(value_at(grey, 40, 4, 2), value_at(image, 40, 4, 0), 3);  // of the red, everywhere
}

TEST(Decode, DamageIsNamed) {
  const Encoded jpeg = jpeg_of(picture(48, 32));
  const Encoded png = png_of(noise(48, 32));
  const Encoded webp = webp_of(picture(48, 32));
  const auto reading = [](const Encoded& bytes) { return [bytes] { decode_picture(bytes); }; };
  EXPECT_THAT(reading(first_of(jpeg, 300)), ThrowsMessage<Error>(HasSubstr("damaged JPEG")));
  EXPECT_THAT(reading(first_of(png, png.size() / 2)),
              ThrowsMessage<Error>(HasSubstr("damaged PNG")));
  EXPECT_THAT(reading(first_of(webp, webp.size() / 2)),
              ThrowsMessage<Error>(HasSubstr("damaged WebP")));
  EXPECT_THAT(reading({}), ThrowsMessage<Error>(HasSubstr("empty")));
  EXPECT_THAT(reading(testing::bytes_of("hi")),
              ThrowsMessage<Error>(HasSubstr("not a JPEG, PNG or WebP")));
}

}  // namespace
}  // namespace facemorph
