#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "pictures/decoders.hpp"
#include "pictures/image.hpp"

#include <png.h>

#include <algorithm>
#include <cassert>

namespace facemorph {
namespace {

/// libpng's simplified writer, freed whatever happens.
struct PngScope {
  png_image png{};
  PngScope() { png.version = PNG_IMAGE_VERSION; }
  ~PngScope() { png_image_free(&png); }
  PngScope(const PngScope&) = delete;
  PngScope& operator=(const PngScope&) = delete;
};

std::vector<std::uint8_t> without_alpha(const Image& image) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(image.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4)
    rgb.insert(rgb.end(), image.rgba.begin() + static_cast<std::ptrdiff_t>(i),
               image.rgba.begin() + static_cast<std::ptrdiff_t>(i) + 3);
  return rgb;
}

}  // namespace

void write_png(const std::filesystem::path& path, const Image& image, const PngTexts& texts,
               bool alpha) {
  assert(image.rgba.size() ==
         static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 4);
  const std::vector<std::uint8_t> pixels = alpha ? image.rgba : without_alpha(image);
  PngScope scope;
  scope.png.width = static_cast<std::uint32_t>(image.width);
  scope.png.height = static_cast<std::uint32_t>(image.height);
  scope.png.format = alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(scope.png);
  std::vector<std::byte> bytes(size);
  if (png_image_write_to_memory(&scope.png, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
    throw Error(path.string() + " could not be written as PNG: " + scope.png.message + ".");
  bytes.resize(size);
  add_png_texts(bytes, texts);
  write_file_atomically(path, bytes);
}

Image read_png(const std::filesystem::path& path) {
  const FileBytes file(path);
  try {
    constexpr std::size_t kMost = std::size_t{1} << 30U;  // our own pictures
    if (png_sig_cmp(reinterpret_cast<png_const_bytep>(file.bytes().data()), 0,
                    std::min<std::size_t>(8, file.bytes().size())) != 0)
      throw Error("not a PNG picture");
    return decode_png(file.bytes(), 0, kMost).image;
  } catch (const Error& error) {
    throw Error(path.string() + " is " + error.what() + ".");
  }
}

}  // namespace facemorph
