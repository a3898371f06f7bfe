#include "media/image.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace facemorph {
namespace {

Image filled(int width, int height, std::uint32_t rgb) {
  Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4)};
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    image.rgba[i] = static_cast<std::uint8_t>(rgb >> 16U);
    image.rgba[i + 1] = static_cast<std::uint8_t>(rgb >> 8U);
    image.rgba[i + 2] = static_cast<std::uint8_t>(rgb);
    image.rgba[i + 3] = 255;
  }
  return image;
}

void paste(Image& sheet, const Image& image, int left, int top) {
  const auto row = static_cast<std::size_t>(image.width) * 4;
  for (int y = 0; y < image.height; ++y)
    std::memcpy(sheet.rgba.data() + (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(sheet.width) +
                                     static_cast<std::size_t>(left)) * 4,
                image.rgba.data() + static_cast<std::size_t>(y) * row, row);
}

}  // namespace

Image contact_sheet(std::span<const Image> images, int columns, int gap, std::uint32_t background_rgb) {
  assert(!images.empty() && columns >= 1 && gap >= 0);
  const int count = static_cast<int>(images.size());
  columns = std::min(columns, count);
  const int rows = (count + columns - 1) / columns;
  const int width = images.front().width;
  const int height = images.front().height;
  Image sheet = filled(columns * (width + gap) + gap, rows * (height + gap) + gap, background_rgb);
  for (int i = 0; i < count; ++i)
    paste(sheet, images[static_cast<std::size_t>(i)], gap + i % columns * (width + gap), gap + i / columns * (height + gap));
  return sheet;
}

}  // namespace facemorph
