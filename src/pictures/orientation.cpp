#include "pictures/decode.hpp"
#include "pictures/decoders.hpp"

#include <cstring>

namespace facemorph {
namespace {

/// A TIFF header and its directories, in either byte order.
class Tiff {
 public:
  explicit Tiff(Bytes bytes) : bytes_(bytes), big_(starts_with(bytes, "MM")) {}
  bool valid() const {
    return (big_ || starts_with(bytes_, "II")) && number(2, 2) == 42 && bytes_.size() >= 8;
  }
  /// 0 beyond the end.
  std::size_t number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return 0;
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | std::to_integer<std::size_t>(bytes_[at + (big_ ? i : size - 1 - i)]);
    return value;
  }

 private:
  Bytes bytes_;
  bool big_;
};

}  // namespace

int exif_orientation(Bytes exif) {
  constexpr std::size_t kEntry = 12;
  constexpr std::size_t kOrientation = 0x112;
  constexpr std::size_t kShort = 3;
  constexpr std::size_t kLong = 4;
  if (starts_with(exif, kExifPrefix)) exif = exif.subspan(kExifPrefix.size());
  const Tiff tiff(exif);
  if (!tiff.valid()) return 1;
  const std::size_t directory = tiff.number(4, 4);
  const std::size_t count = tiff.number(directory, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = directory + 2 + i * kEntry;
    if (tiff.number(entry, 2) != kOrientation) continue;
    const std::size_t type = tiff.number(entry + 2, 2);
    const std::size_t value = type == kShort  ? tiff.number(entry + 8, 2)
                              : type == kLong ? tiff.number(entry + 8, 4)
                                              : 0;
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Image upright(Image image, int orientation) {
  if (orientation == 1) return image;
  const bool transposed = orientation >= kTransposed;
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Image result{transposed ? image.height : image.width, transposed ? image.width : image.height,
               std::vector<std::uint8_t>(image.rgba.size())};
  std::uint8_t* out = result.rgba.data();
  for (int y = 0; y < result.height; ++y)
    for (int x = 0; x < result.width; ++x, out += 4) {
      int from_x = transposed ? y : x;
      int from_y = transposed ? x : y;
      if (flip_x) from_x = image.width - 1 - from_x;
      if (flip_y) from_y = image.height - 1 - from_y;
      const std::size_t from =
          (static_cast<std::size_t>(from_y) * static_cast<std::size_t>(image.width) +
           static_cast<std::size_t>(from_x)) *
          4;
      std::memcpy(out, image.rgba.data() + from, 4);
    }
  return result;
}

}  // namespace facemorph
