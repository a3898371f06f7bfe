#include "base/error.hpp"
#include "pictures/decoders.hpp"

#include <webp/decode.h>

namespace facemorph {
namespace {

// The lossless format can give a picture of one colour in a handful of bytes.
constexpr std::uint64_t kPixelsPerByte = 20'000'000;

}  // namespace

Image decode_webp(Bytes bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK)
    throw Error("a damaged WebP picture");
  if (features.has_animation != 0) throw Error("an animated WebP; save one of its pictures");
  check_size(static_cast<std::uint64_t>(features.width),
             static_cast<std::uint64_t>(features.height), bytes, kPixelsPerByte);
  Image image{features.width, features.height, {}};
  image.rgba.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                    4);
  if (WebPDecodeRGBAInto(data, bytes.size(), image.rgba.data(), image.rgba.size(),
                         image.width * 4) == nullptr)
    throw Error("a damaged WebP picture");
  return image;
}

}  // namespace facemorph
