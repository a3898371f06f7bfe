#include "pictures/decode.hpp"

#include "base/error.hpp"
#include "pictures/decoders.hpp"

namespace facemorph {
namespace {

constexpr std::uint64_t kMaxSide = 16384;
constexpr std::uint64_t kMaxPixels = 200'000'000;

}  // namespace

void check_size(std::uint64_t width, std::uint64_t height, Bytes bytes,
                std::uint64_t pixels_per_byte) {
  if (width == 0 || height == 0) throw Error("a damaged picture without any pixels");
  if (width * height / pixels_per_byte > bytes.size())
    throw Error("a damaged picture: too short for its size");
  if (width > kMaxSide || height > kMaxSide || width * height > kMaxPixels)
    throw Error("a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                ", larger than Facemorph reads");
}

Image decode_picture(std::span<const std::byte> bytes, int least_side) {
  if (bytes.empty()) throw Error("an empty file");
  if (starts_with(bytes, "\x89PNG")) return decode_png(bytes);
  if (starts_with(bytes, "\xFF\xD8\xFF"))
    return upright(decode_jpeg(bytes, least_side), exif_orientation(bytes));
  if (starts_with(bytes, "RIFF") && bytes.size() > 12 && starts_with(bytes.subspan(8), "WEBP"))
    return decode_webp(bytes);
  throw Error("not a JPEG, PNG or WebP picture");
}

}  // namespace facemorph
