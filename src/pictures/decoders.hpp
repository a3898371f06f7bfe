#pragma once

#include "pictures/image.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace facemorph {

using Bytes = std::span<const std::byte>;

inline bool starts_with(Bytes bytes, std::string_view magic) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())
      .starts_with(magic);
}

/// Throws Error for a size that no picture of ours has, or that so few bytes cannot hold, when one
/// byte holds at most `pixels_per_byte`.
void check_size(std::uint64_t width, std::uint64_t height, Bytes bytes,
                std::uint64_t pixels_per_byte);

/// One decoder a format; see decode_picture().
Image decode_png(Bytes bytes);
Image decode_jpeg(Bytes bytes, int least_side);
Image decode_webp(Bytes bytes);

/// One iTXt chunk.
std::string png_text_chunk(const std::string& keyword, const std::string& text);
/// Puts texts into an encoded PNG.
void add_png_texts(std::vector<std::byte>& png, const PngTexts& texts);

/// What read_png_texts() finds, in bytes that may be anything.
PngTexts png_texts(Bytes bytes);

/// The EXIF orientation of a JPEG picture, 1 (upright) to 8.
int exif_orientation(Bytes jpeg);
/// Turned and mirrored as EXIF orientation 1 to 8 asks, so that it stands upright.
Image upright(Image image, int orientation);

}  // namespace facemorph
