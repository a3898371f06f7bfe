#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "pictures/decoders.hpp"
#include "pictures/image.hpp"

#include <zlib.h>

#include <algorithm>
#include <string_view>

// Texts in PNG files (PNG specification, second edition, 11.3.4.5: iTXt). libpng's simplified
// interface has none, and its full one reports errors by longjmp.

namespace facemorph {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1A\n";
constexpr std::size_t kHeaderEnd = 8 + 12 + 13;  ///< signature and IHDR
constexpr std::size_t kMostText = std::size_t{1} << 24U;
constexpr std::string_view kUncompressed("\0\0\0\0", 4);  ///< no compression, language, translation

std::uint32_t number_at(Bytes bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
  return value;
}

void append_number(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xFFU);
}

}  // namespace

std::string png_text_chunk(const std::string& keyword, const std::string& text) {
  const std::string body =
      "iTXt" + keyword + std::string(1, '\0') + std::string(kUncompressed) + text;
  std::string out;
  append_number(out, static_cast<std::uint32_t>(body.size() - 4));
  out += body;
  append_number(out,
                static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                 static_cast<uInt>(body.size()))));
  return out;
}

void add_png_texts(std::vector<std::byte>& png, const PngTexts& texts) {
  std::string chunks;
  for (const auto& [keyword, text] : texts)
    chunks += png_text_chunk(keyword, text);
  const auto* data = reinterpret_cast<const std::byte*>(chunks.data());
  png.insert(png.begin() + kHeaderEnd, data, data + chunks.size());
}

PngTexts read_png_texts(const std::filesystem::path& path) {
  const FileBytes file(path);
  if (!starts_with(file.bytes(), kSignature)) throw Error(path.string() + " is not a PNG picture.");
  return png_texts(file.bytes());
}

PngTexts png_texts(Bytes bytes) {
  PngTexts texts;
  if (bytes.size() < kHeaderEnd) return texts;
  std::size_t at = kSignature.size();
  while (bytes.size() - at >= 12) {
    const std::size_t length = number_at(bytes, at);
    if (length > bytes.size() - at - 12) break;
    const std::string_view body(reinterpret_cast<const char*>(bytes.data()) + at + 8, length);
    const std::string_view type(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
    if (type == "IEND") break;
    const std::size_t end = body.find('\0');
    if (type == "iTXt" && length <= kMostText && end != std::string_view::npos &&
        body.substr(end + 1, kUncompressed.size()) == kUncompressed)
      texts[std::string(body.substr(0, end))] = body.substr(end + 1 + kUncompressed.size());
    at += 12 + length;
  }
  return texts;
}

}  // namespace facemorph
