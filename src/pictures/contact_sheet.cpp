#include "base/error.hpp"
#include "pictures/image.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

namespace facemorph {
namespace {

constexpr double kMaxSide = 65'535;

Image filled(int width, int height, std::uint32_t rgb) {
  Image image{width, height,
              std::vector<std::uint8_t>(static_cast<std::size_t>(width) *
                                        static_cast<std::size_t>(height) * 4)};
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
    std::memcpy(sheet.rgba.data() +
                    (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(sheet.width) +
                     static_cast<std::size_t>(left)) *
                        4,
                image.rgba.data() + static_cast<std::size_t>(y) * row, row);
}

}  // namespace

Image contact_sheet(std::span<const Image> images, int columns, int gap,
                    std::uint32_t background_rgb) {
  assert(!images.empty() && columns >= 1 && gap >= 0);
  const int cell_width = images.front().width + gap;
  const int cell_height = images.front().height + gap;
  const std::size_t rows = (images.size() - 1) / static_cast<std::size_t>(columns) + 1;
  const double width = static_cast<double>(columns) * cell_width + gap;
  const double height = static_cast<double>(rows) * cell_height + gap;
  if (width > kMaxSide || height > kMaxSide)
    throw Error("The picture of " + std::to_string(images.size()) + " faces would be " +
                std::to_string(static_cast<long long>(width)) + " x " +
                std::to_string(static_cast<long long>(height)) +
                " pixels. Ask for fewer or smaller faces.");
  Image sheet = filled(static_cast<int>(width), static_cast<int>(height), background_rgb);
  int left = gap;
  int top = gap;
  for (std::size_t i = 0; i < images.size(); ++i) {
    assert(images[i].width == images.front().width && images[i].height == images.front().height);
    paste(sheet, images[i], left, top);
    left += cell_width;
    if ((i + 1) % static_cast<std::size_t>(columns) == 0) {
      left = gap;
      top += cell_height;
    }
  }
  return sheet;
}

}  // namespace facemorph
