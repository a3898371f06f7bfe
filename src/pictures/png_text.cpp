#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "pictures/decoders.hpp"
#include "pictures/image.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <string_view>

// Texts in PNG files (PNG specification, second edition, 11.3.4.5: iTXt), and what cameras have
// written of them (eXIf).

namespace facemorph {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1A\n";
constexpr std::size_t kHeaderEnd = 8 + 12 + 13;  ///< signature and IHDR
constexpr std::size_t kMostText = std::size_t{1} << 24U;
constexpr std::size_t kMostProfile = std::size_t{64}
                                     << 10U;  ///< orientation stands at its beginning
/// Keywords under which ImageMagick keeps EXIF blocks.
constexpr std::array<std::string_view, 2> kProfiles = {
    std::string_view("Raw profile type exif\0", 22),
    std::string_view("Raw profile type APP1\0", 22)};
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

/// Calls back with the type and the body of each chunk before the end, until it returns false.
template <typename Call>
void for_each_chunk(Bytes png, Call call) {
  if (png.size() < kHeaderEnd) return;
  std::size_t at = kSignature.size();
  while (png.size() - at >= 12) {
    const std::size_t length = number_at(png, at);
    if (length > png.size() - at - 12) return;
    const std::string_view type = text_in(png.subspan(at + 4, 4));
    if (type == "IEND" || !call(type, png.subspan(at + 8, length))) return;
    at += 12 + length;
  }
}

/// The beginning of what is packed.
std::string unpacked(Bytes packed) {
  std::string text(kMostProfile, '\0');
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  inflate(&stream, Z_FINISH);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  return text;
}

/// "\nexif\n      86\n4d4d002a…": a name, a length, and bytes as hexadecimal digits in lines.
std::vector<std::byte> profile_bytes(std::string_view text) {
  std::vector<std::byte> bytes;
  text = text.substr(0, kMostProfile);
  for (int line = 0; line < 3; ++line)
    text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
  unsigned value = 0;
  bool half = false;
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) continue;
    value = value << 4U | static_cast<unsigned>(digit);
    if (half) bytes.push_back(static_cast<std::byte>(value & 0xFFU));
    half = !half;
  }
  return bytes;
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
  for_each_chunk(bytes, [&](std::string_view type, Bytes chunk) {
    const std::string_view body = text_in(chunk);
    const std::size_t end = body.find('\0');
    if (type == "iTXt" && body.size() <= kMostText && end != std::string_view::npos &&
        body.substr(end + 1, kUncompressed.size()) == kUncompressed)
      texts[std::string(body.substr(0, end))] = body.substr(end + 1 + kUncompressed.size());
    return true;
  });
  return texts;
}

std::vector<std::byte> png_exif(Bytes png) {
  std::vector<std::byte> exif;
  for_each_chunk(png, [&](std::string_view type, Bytes chunk) {
    if (type == "eXIf") {
      exif.assign(chunk.begin(), chunk.end());
      return false;
    }
    const std::string_view body = text_in(chunk);
    const bool is_profile = std::ranges::any_of(
        kProfiles, [&](std::string_view name) { return body.starts_with(name); });
    if (!is_profile || (type != "zTXt" && type != "tEXt")) return true;
    const std::size_t begin = body.find('\0') + (type == "zTXt" ? 2 : 1);  // a method of packing
    const Bytes text = chunk.subspan(std::min(begin, chunk.size()));
    exif = profile_bytes(type == "zTXt" ? unpacked(text) : text_in(text));
    return false;
  });
  return exif;
}

}  // namespace facemorph
