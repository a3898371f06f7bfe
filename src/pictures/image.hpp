#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace facemorph {

/// 8-bit RGBA, rows top to bottom, tightly packed.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;  ///< width * height * 4

  bool operator==(const Image&) const = default;
};

/// Texts in UTF-8 that travel in a PNG file, by keyword (1 to 79 Latin letters).
using PngTexts = std::map<std::string, std::string>;
/// Writes an 8-bit PNG, RGB or with `alpha` RGBA, atomically. Throws Error naming the path.
void write_png(const std::filesystem::path& path, const Image& image, const PngTexts& texts = {},
               bool alpha = false);
/// Its uncompressed iTXt texts, of up to 16 MB each; damaged parts end the list. Throws Error for
/// anything but a PNG.
PngTexts read_png_texts(const std::filesystem::path& path);
/// Reads any PNG as RGBA, as it is stored. Throws Error for anything else, or more than 100 million
/// pixels.
Image read_png(const std::filesystem::path& path);

/// Upscaling filters, the same on screen (shaders/) and in files.
enum class Filter { Nearest, Bilinear, CatmullRom, Lanczos3 };
inline constexpr Filter kDefaultFilter = Filter::Lanczos3;

/// Resizes separably; the filter is widened when shrinking so that nothing aliases. Edges clamp.
/// Catmull-Rom: a = -1/2 (Catmull & Rom 1974). Lanczos: 3 lobes, weights normalised to sum to 1.
Image resize(const Image& image, int width, int height, Filter filter);

/// The same for many images of one size: what does not depend on the pixels is worked out once.
class Resizer {
 public:
  Resizer(int from_width, int from_height, int to_width, int to_height, Filter filter);
  bool takes(const Image& image) const {
    return image.width == from_width_ && image.height == from_height_;
  }
  /// Requires an image that it takes.
  Image operator()(const Image& image) const;

  /// The source pixels that make one target pixel, and how much of each.
  struct Taps {
    int first = 0;
    std::vector<float> weights;
  };

 private:
  int from_width_;
  int from_height_;
  std::vector<Taps> across_;
  std::vector<Taps> down_;
};

/// Lays images of one size out in rows with `gap` pixels of `background` between and around them.
/// Always `columns` wide; cells past the last image stay background. Requires columns >= 1 and at
/// least one image. Throws Error for a sheet larger than 65535 on a side.
Image contact_sheet(std::span<const Image> images, int columns, int gap,
                    std::uint32_t background_rgb = 0x14161A);

}  // namespace facemorph
