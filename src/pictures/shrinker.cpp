#include "pictures/shrinker.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>

namespace facemorph {
namespace {

// The picture itself, and one that is turned.
constexpr std::uint64_t kBytesCopied = 8;
// Sums of four channels, and the picture.
constexpr std::uint64_t kBytesSummed = 20;

Extent divided(Extent extent, int factor) {
  return {extent.width / factor, extent.height / factor};
}

bool fits(Extent extent, int factor, std::size_t memory) {
  const auto pixels =
      static_cast<std::uint64_t>(extent.width) * static_cast<std::uint64_t>(extent.height);
  return pixels * (factor > 1 ? kBytesSummed : kBytesCopied) <= memory;
}

/// Grey or RGB, with alpha or without, as RGBA.
template <int Channels>
std::array<std::uint8_t, 4> rgba_of(const std::uint8_t* pixel) {
  if constexpr (Channels == 1) return {pixel[0], pixel[0], pixel[0], 255};
  if constexpr (Channels == 2) return {pixel[0], pixel[0], pixel[0], pixel[1]};
  if constexpr (Channels == 3) return {pixel[0], pixel[1], pixel[2], 255};
  if constexpr (Channels == 4) return {pixel[0], pixel[1], pixel[2], pixel[3]};
}

template <int Channels>
void copy_pixels(const PixelRow& row, std::uint8_t* out) {
  const std::uint8_t* pixel = row.pixels;
  for (int i = 0; i < row.count; ++i, pixel += Channels) {
    const auto rgba = rgba_of<Channels>(pixel);
    std::copy(rgba.begin(), rgba.end(), out + static_cast<std::ptrdiff_t>(4) * i * row.step);
  }
}

template <int Channels>
void sum_pixels(const PixelRow& row, const std::uint32_t* column, std::uint32_t* sums) {
  const std::uint8_t* pixel = row.pixels;
  for (int i = 0; i < row.count; ++i, pixel += Channels) {
    const auto rgba = rgba_of<Channels>(pixel);
    std::uint32_t* sum = sums + column[static_cast<std::ptrdiff_t>(i) * row.step];
    for (std::size_t c = 0; c < 3; ++c)
      sum[c] += Channels % 2 == 1 ? rgba[c] : (rgba[c] * rgba[3] + 127U) / 255U;
    sum[3] += rgba[3];
  }
}

template <typename Call>
void with_channels(int channels, Call call) {
  switch (channels) {
    case 1:
      return call.template operator()<1>();
    case 2:
      return call.template operator()<2>();
    case 3:
      return call.template operator()<3>();
    default:
      return call.template operator()<4>();
  }
}

/// How many of `from` pixels in a row become pixel `i` of `to`.
std::uint32_t share(int from, int to, int i) {
  const auto begin = [&](std::int64_t at) { return (at * from + to - 1) / to; };
  return static_cast<std::uint32_t>(begin(i + 1) - begin(i));
}

}  // namespace

Extent shrunk_size(Extent picture, int least_side, std::size_t memory) {
  const int side = std::min(picture.width, picture.height);
  int factor = least_side > 0 ? std::max(1, side / (2 * least_side)) : 1;
  while (least_side > 0 && side / (factor + 1) >= least_side &&
         !fits(divided(picture, factor), factor, memory))
    ++factor;
  const Extent result = divided(picture, factor);
  if (fits(result, factor, memory)) return result;
  throw Error("a picture of " + std::to_string(picture.width) + " x " +
              std::to_string(picture.height) + ", too large for the memory that one may take");
}

Shrinker::Shrinker(Extent picture, Extent result)
    : picture_(picture), image_{result.width, result.height, {}} {
  const auto values =
      static_cast<std::size_t>(result.width) * static_cast<std::size_t>(result.height) * 4;
  if (picture == result) {
    image_.rgba.resize(values);
    return;
  }
  sums_.resize(values);
  column_.resize(static_cast<std::size_t>(picture.width));
  for (std::size_t x = 0; x < column_.size(); ++x)
    column_[x] = static_cast<std::uint32_t>(
        4 * (static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(result.width) /
             static_cast<std::uint64_t>(picture.width)));
}

void Shrinker::add(const PixelRow& row) {
  assert(row.y >= 0 && row.y < picture_.height &&
         row.first + (row.count - 1) * row.step < picture_.width);
  if (column_.empty())
    copy(row);
  else
    sum(row);
}

void Shrinker::copy(const PixelRow& row) {
  std::uint8_t* out = image_.rgba.data() + 4 * (static_cast<std::size_t>(row.y) *
                                                    static_cast<std::size_t>(image_.width) +
                                                static_cast<std::size_t>(row.first));
  with_channels(row.channels, [&]<int Channels>() { copy_pixels<Channels>(row, out); });
}

void Shrinker::sum(const PixelRow& row) {
  const auto y = static_cast<std::size_t>(std::int64_t{row.y} * image_.height / picture_.height);
  std::uint32_t* sums = sums_.data() + 4 * y * static_cast<std::size_t>(image_.width);
  const std::uint32_t* column = column_.data() + row.first;
  with_channels(row.channels, [&]<int Channels>() { sum_pixels<Channels>(row, column, sums); });
}

Image Shrinker::finish() {
  if (column_.empty()) return std::move(image_);
  image_.rgba.resize(sums_.size());
  const std::uint32_t* sum = sums_.data();
  std::uint8_t* out = image_.rgba.data();
  for (int y = 0; y < image_.height; ++y)
    for (int x = 0; x < image_.width; ++x, sum += 4, out += 4) {
      const std::uint32_t alpha = sum[3];
      const std::uint32_t count =
          share(picture_.width, image_.width, x) * share(picture_.height, image_.height, y);
      // The sums are of colours times alpha / 255; rounding must not make more than there can be.
      for (std::size_t c = 0; alpha > 0 && c < 3; ++c)
        out[c] = static_cast<std::uint8_t>(
            std::min<std::uint64_t>(255, (std::uint64_t{sum[c]} * 255 + alpha / 2) / alpha));
      out[3] = static_cast<std::uint8_t>((alpha + count / 2) / count);
    }
  sums_ = {};
  return std::move(image_);
}

}  // namespace facemorph
