#pragma once

#include "pictures/image.hpp"

#include <array>
#include <random>

namespace facemorph {

inline Image solid(int width, int height, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  const std::array<std::uint8_t, 4> pixel = {red, green, blue, 255};
  Image image{width, height, {}};
  image.rgba.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  for (std::size_t i = 0; i < image.rgba.size(); ++i)
    image.rgba[i] = pixel[i % 4];
  return image;
}

/// Opaque, every colour value at random.
inline Image noise(int width, int height, unsigned seed = 1) {
  std::mt19937 random(seed);
  Image image = solid(width, height, 0, 0, 0);
  for (std::size_t i = 0; i < image.rgba.size(); ++i)
    if (i % 4 != 3) image.rgba[i] = static_cast<std::uint8_t>(random());
  return image;
}

inline std::uint8_t value_at(const Image& image, int x, int y, int channel = 0) {
  return image.rgba[static_cast<std::size_t>((y * image.width + x) * 4 + channel)];
}

/// Flipped about its vertical axis.
inline Image mirrored(const Image& image) {
  Image result = image;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < 4; ++c)
        result.rgba[static_cast<std::size_t>((y * image.width + x) * 4 + c)] =
            value_at(image, image.width - 1 - x, y, c);
  return result;
}

}  // namespace facemorph
