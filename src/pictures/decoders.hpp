#pragma once

#include "pictures/image.hpp"
#include "pictures/shrinker.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace facemorph {

using Bytes = std::span<const std::byte>;

inline std::string_view text_in(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline bool starts_with(Bytes bytes, std::string_view magic) {
  return text_in(bytes).starts_with(magic);
}

/// Throws Error for a picture without pixels, or with more than can be decoded in about a second.
void check_pixels(std::uint64_t width, std::uint64_t height, std::uint64_t most);

/// A picture as it is stored.
struct Decoded {
  Image image;
  int orientation = 1;  ///< see upright()
};

/// One decoder a format. Each takes at most `memory` bytes, its result and a copy of that included,
/// and shrinks as shrunk_size() has it.
Decoded decode_png(Bytes bytes, int least_side, std::size_t memory);
Decoded decode_jpeg(Bytes bytes, int least_side, std::size_t memory);
Decoded decode_webp(Bytes bytes, int least_side, std::size_t memory);

/// One iTXt chunk.
std::string png_text_chunk(const std::string& keyword, const std::string& text);
/// Puts texts into an encoded PNG.
void add_png_texts(std::vector<std::byte>& png, const PngTexts& texts);

/// What read_png_texts() finds, in bytes that may be anything.
PngTexts png_texts(Bytes bytes);
/// The EXIF block of a PNG: its eXIf chunk or, as ImageMagick has it, a text. Empty without one.
std::vector<std::byte> png_exif(Bytes png);

/// What stands before an EXIF block in a JPEG file.
inline constexpr std::string_view kExifPrefix("Exif\0\0", 6);
/// The orientation that an EXIF block tells, with or without that prefix: 1 (upright, also when it
/// tells none) to 8.
int exif_orientation(Bytes exif);

}  // namespace facemorph
