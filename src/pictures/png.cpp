#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "pictures/decoders.hpp"
#include "pictures/image.hpp"

#include <png.h>

#include <cassert>

namespace facemorph {
namespace {

// Deflate makes nothing more than 1032 times smaller, and a pixel takes a bit or more.
constexpr std::uint64_t kPixelsPerByte = std::uint64_t{8} * 1032;

/// libpng's simplified reader and writer, freed whatever happens.
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

Image decode_png(Bytes bytes) {
  PngScope scope;
  if (png_image_begin_read_from_memory(&scope.png, bytes.data(), bytes.size()) == 0)
    throw Error("not a PNG picture: " + std::string(scope.png.message));
  check_size(scope.png.width, scope.png.height, bytes, kPixelsPerByte);
  scope.png.format = PNG_FORMAT_RGBA;
  Image image{static_cast<int>(scope.png.width), static_cast<int>(scope.png.height), {}};
  image.rgba.resize(PNG_IMAGE_SIZE(scope.png));
  if (png_image_finish_read(&scope.png, nullptr, image.rgba.data(), 0, nullptr) == 0)
    throw Error("a damaged PNG picture: " + std::string(scope.png.message));
  return image;
}

Image read_png(const std::filesystem::path& path) {
  const FileBytes file(path);
  try {
    return decode_png(file.bytes());
  } catch (const Error& error) {
    throw Error(path.string() + " is " + error.what() + ".");
  }
}

}  // namespace facemorph
