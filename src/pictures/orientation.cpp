#include "pictures/decoders.hpp"

#include <libexif/exif-data.h>

#include <cstring>
#include <memory>
#include <utility>

namespace facemorph {
namespace {

struct Unref {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

}  // namespace

int exif_orientation(Bytes jpeg) {
  constexpr std::size_t kSearched = std::size_t{256} * 1024;  // the tag stands near the beginning
  const Bytes head = jpeg.first(std::min(jpeg.size(), kSearched));
  const std::unique_ptr<ExifData, Unref> exif(exif_data_new_from_data(
      reinterpret_cast<const unsigned char*>(head.data()), static_cast<unsigned int>(head.size())));
  if (!exif) return 1;
  const ExifEntry* entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(exif.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

Image upright(Image image, int orientation) {
  if (orientation == 1) return image;
  const bool transposed = orientation >= 5;  // rows become columns
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
