#include "pictures/decode.hpp"

#include "base/error.hpp"
#include "pictures/decoders.hpp"

namespace facemorph {
namespace {

using Decoder = Decoded (*)(Bytes, int, std::size_t);

Decoder decoder_of(Bytes beginning) {
  if (starts_with(beginning, "\x89PNG\r\n\x1A\n")) return decode_png;
  if (starts_with(beginning, "\xFF\xD8\xFF")) return decode_jpeg;
  if (starts_with(beginning, "RIFF") && beginning.size() >= 12 &&
      starts_with(beginning.subspan(8), "WEBP"))
    return decode_webp;
  return nullptr;
}

}  // namespace

void check_pixels(std::uint64_t width, std::uint64_t height, std::uint64_t most) {
  if (width == 0 || height == 0) throw Error("a damaged picture without any pixels");
  if (width * height > most)
    throw Error("a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                ", more than Facemorph decodes (" + std::to_string(most / 1'000'000) +
                " million pixels in this format)");
}

bool begins_as_picture(std::span<const std::byte> beginning) {
  return decoder_of(beginning) != nullptr;
}

Image decode_picture(std::span<const std::byte> bytes, int least_side) {
  if (bytes.empty()) throw Error("an empty file");
  if (bytes.size() > kMostPictureBytes) throw Error("more than 100 MB");
  const Decoder decode = decoder_of(bytes);
  if (decode == nullptr) throw Error("not a JPEG, PNG or WebP picture");
  Decoded decoded = decode(bytes, least_side, kMostPictureMemory - bytes.size());
  return upright(std::move(decoded.image), decoded.orientation);
}

}  // namespace facemorph
