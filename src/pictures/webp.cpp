#include "base/error.hpp"
#include "pictures/decoders.hpp"

#include <webp/decode.h>

namespace facemorph {
namespace {

// About a second.
constexpr std::uint64_t kMostLossy = 50'000'000;
constexpr std::uint64_t kMostLossless = 32'000'000;
constexpr int kLossless = 2;  ///< WebPBitstreamFeatures::format

std::uint32_t number_at(Bytes bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = value << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}

/// The EXIF chunk of the RIFF container; empty without one.
Bytes exif_of(Bytes webp) {
  constexpr std::size_t kRiffHeader = 12;
  constexpr std::size_t kChunkHeader = 8;
  Bytes rest = webp.subspan(kRiffHeader);
  while (rest.size() >= kChunkHeader) {
    const std::size_t size = number_at(rest, 4);
    const Bytes body = rest.subspan(kChunkHeader);
    if (starts_with(rest, "EXIF")) return body.first(std::min(size, body.size()));
    if (size + size % 2 >= body.size()) break;
    rest = body.subspan(size + size % 2);
  }
  return {};
}

/// What libwebp keeps of the whole picture while it decodes: all pixels of a lossless one, which
/// the alpha of others is, too.
std::uint64_t memory_taken(const WebPBitstreamFeatures& features) {
  const std::uint64_t pixels =
      static_cast<std::uint64_t>(features.width) * static_cast<std::uint64_t>(features.height);
  if (features.format == kLossless) return 4 * pixels;
  return features.has_alpha != 0 ? 5 * pixels : 0;
}

}  // namespace

Decoded decode_webp(Bytes bytes, int least_side, std::size_t memory) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPDecoderConfig config{};
  WebPInitDecoderConfig(&config);
  const WebPBitstreamFeatures& features = config.input;
  if (WebPGetFeatures(data, bytes.size(), &config.input) != VP8_STATUS_OK)
    throw Error("a damaged WebP picture");
  if (features.has_animation != 0) throw Error("an animated WebP; save one of its pictures");
  check_pixels(static_cast<std::uint64_t>(features.width),
               static_cast<std::uint64_t>(features.height),
               memory_taken(features) > 0 ? kMostLossless : kMostLossy);
  const Extent extent{features.width, features.height};
  const std::uint64_t taken = memory_taken(features);
  const Extent result =
      shrunk_size(extent, least_side, memory - std::min<std::uint64_t>(memory, taken));
  Image image{result.width, result.height, {}};
  image.rgba.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                    4);
  config.options.use_scaling = extent == result ? 0 : 1;
  config.options.scaled_width = result.width;
  config.options.scaled_height = result.height;
  config.output.colorspace = MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {image.rgba.data(), image.width * 4, image.rgba.size()};
  if (WebPDecode(data, bytes.size(), &config) != VP8_STATUS_OK)
    throw Error("a damaged WebP picture");
  return {std::move(image), exif_orientation(exif_of(bytes))};
}

}  // namespace facemorph
