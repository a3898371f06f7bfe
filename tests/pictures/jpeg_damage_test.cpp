#include "base/error.hpp"
#include "pictures/decode.hpp"
#include "pictures/encoders.hpp"
#include "pictures/test_images.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

// What libjpeg only warns about: much of it does no harm, some of it means half a picture.

namespace facemorph {
namespace {

using testing::Encoded;
using ::testing::HasSubstr;
using testing::jpeg_of;
using testing::JpegOptions;
using ::testing::ThrowsMessage;

/// Soft waves, as large as most portraits.
Image waves() {
  constexpr int kSide = 160;
  Image image{kSide, kSide, {}};
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x)
      image.rgba.insert(image.rgba.end(), {static_cast<std::uint8_t>(120 + 60 * std::sin(x / 9.0)),
                                           static_cast<std::uint8_t>(120 + 60 * std::cos(y / 7.0)),
                                           static_cast<std::uint8_t>(90 + (x * y) % 23), 255});
  return image;
}

Encoded joined(Encoded a, const Encoded& b, const Encoded& c = {}) {
  a.insert(a.end(), b.begin(), b.end());
  a.insert(a.end(), c.begin(), c.end());
  return a;
}

Encoded part(const Encoded& bytes, std::size_t from, std::size_t to) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
          bytes.begin() + static_cast<std::ptrdiff_t>(to)};
}

Encoded share_of(const Encoded& bytes, double share) {
  return part(bytes, 0, static_cast<std::size_t>(static_cast<double>(bytes.size()) * share));
}

std::size_t place_of_marker(const Encoded& jpeg, int marker) {
  const Encoded searched = {std::byte{0xFF}, static_cast<std::byte>(marker)};
  return static_cast<std::size_t>(std::ranges::search(jpeg, searched).begin() - jpeg.begin());
}

/// The mean difference of the pixels; 255 when the sizes differ.
double apart(const Image& a, const Image& b) {
  if (a.rgba.size() != b.rgba.size()) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    sum += std::abs(a.rgba[i] - b.rgba[i]);
  return sum / static_cast<double>(a.rgba.size());
}

void expect_cut_off(const Encoded& jpeg) {
  EXPECT_THAT([&] { decode_picture(jpeg); }, ThrowsMessage<Error>(HasSubstr("cut off")));
}

TEST(JpegDamage, BytesTooManyAndAMissingEndDoNoHarm) {
  for (const bool progressive : {false, true}) {
    SCOPED_TRACE(progressive);
    const Encoded jpeg = jpeg_of(waves(), {.progressive = progressive});
    const Image good = decode_picture(jpeg);
    const std::size_t end = jpeg.size() - 2;
    const std::size_t tables = place_of_marker(jpeg, 0xDB);
    EXPECT_EQ(decode_picture(part(jpeg, 0, end)), good) << "no end marker";
    EXPECT_EQ(decode_picture(joined(jpeg, Encoded(500))), good) << "bytes behind it";
    EXPECT_EQ(decode_picture(joined(part(jpeg, 0, end), Encoded(32), part(jpeg, end, end + 2))),
              good)
        << "bytes before the end marker";
    EXPECT_EQ(
        decode_picture(joined(part(jpeg, 0, tables), Encoded(2), part(jpeg, tables, jpeg.size()))),
        good)
        << "bytes between segments";
  }
}

TEST(JpegDamage, AFewBlocksMoreOrLessDoNoHarm) {
  for (const bool small_colours : {false, true}) {
    const Encoded jpeg = jpeg_of(waves(), {.small_colours = small_colours});
    const Image good = decode_picture(jpeg);
    const Image cut = decode_picture(part(jpeg, 0, jpeg.size() - 20));
    EXPECT_NE(cut, good);
    EXPECT_LT(apart(cut, good), 2);
  }
}

TEST(JpegDamage, HalfAPictureIsNone) {
  for (const bool small_colours : {false, true})
    for (const double share : {0.3, 0.5, 0.8}) {
      const Encoded half =
          share_of(jpeg_of(waves(), {.small_colours = small_colours, .quality = 80}), share);
      expect_cut_off(half);
      expect_cut_off(joined(half, {std::byte{0xFF}, std::byte{0xD9}}));  // mended by some program
    }
}

TEST(JpegDamage, OfAProgressivePictureOnlyTheLastSharpnessMayBeMissing) {
  const Encoded jpeg = jpeg_of(waves(), {.progressive = true});
  const Image good = decode_picture(jpeg);
  EXPECT_LT(apart(decode_picture(share_of(jpeg, 0.9)), good), 6);
  expect_cut_off(share_of(jpeg, 0.2));
}

TEST(JpegDamage, ChannelsThatNeverCameAreMissed) {
  const Encoded jpeg = jpeg_of(waves(), {.separate = true});
  const Image good = decode_picture(jpeg);
  EXPECT_LT(apart(good, waves()), 6);
  EXPECT_LT(apart(decode_picture(part(jpeg, 0, jpeg.size() - 8)), good), 4);
  expect_cut_off(share_of(jpeg, 0.5));
}

TEST(JpegDamage, ARowOfBlocksThatIsMissingBetweenRestartMarkersDoesNoHarm) {
  const Encoded jpeg = jpeg_of(waves(), {.restart_rows = 1});
  const std::size_t first = place_of_marker(jpeg, 0xD3);
  const std::size_t next = place_of_marker(jpeg, 0xD4);
  ASSERT_LT(first, next);
  const Image good = decode_picture(jpeg);
  const Image less = decode_picture(joined(part(jpeg, 0, first), part(jpeg, next, jpeg.size())));
  EXPECT_NE(less, good);
  EXPECT_LT(apart(less, good), 4);
  expect_cut_off(share_of(jpeg, 0.5));
}

TEST(JpegDamage, ScansWithoutEndAreNotReadToTheirEnd) {
  const Encoded jpeg = jpeg_of(waves(), {.progressive = true});
  const Encoded marker = {std::byte{0xFF}, std::byte{0xDA}};
  const auto last =
      static_cast<std::size_t>(std::ranges::find_end(jpeg, marker).begin() - jpeg.begin());
  const Encoded scan = part(jpeg, last, jpeg.size() - 2);
  Encoded many = part(jpeg, 0, jpeg.size() - 2);
  for (int i = 0; i < 600; ++i)
    many = joined(std::move(many), scan);
  EXPECT_THAT([&] { decode_picture(many); },
              ThrowsMessage<Error>(HasSubstr("which would take too long")));
}

}  // namespace
}  // namespace facemorph
