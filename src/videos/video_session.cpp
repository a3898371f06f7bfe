#include "videos/video_session.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "pictures/decoders.hpp"
#include "videos/libav.hpp"
#include "videos/video_stream.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostText = std::size_t{1} << 24U;
constexpr std::string_view kWebpChunk = "FMph";
constexpr std::string_view kGifMark = "facemorph-session\n";
constexpr std::string_view kGifComment = "\x21\xFE";
constexpr std::string_view kGifEnd(";", 1);

std::string little_endian(std::size_t value) {
  std::string bytes;
  for (unsigned i = 0; i < 4; ++i)
    bytes += static_cast<char>(value >> 8U * i & 0xFFU);
  return bytes;
}

std::size_t little_endian_at(std::string_view bytes, std::size_t at) {
  std::size_t value = 0;
  for (unsigned i = 0; i < 4; ++i)
    value |= std::size_t{static_cast<unsigned char>(bytes[at + i])} << 8U * i;
  return value;
}

/// In blocks of up to 255 bytes, each behind its length.
std::string gif_comment(const std::string& text) {
  std::string out(kGifComment);
  const std::string all = std::string(kGifMark) + text;
  for (std::size_t at = 0; at < all.size(); at += 255) {
    const std::string block = all.substr(at, 255);
    out += static_cast<char>(block.size());
    out += block;
  }
  return out + '\0';
}

/// The blocks of a GIF from one place on, each behind its length, up to an empty one.
std::string_view gif_blocks(std::string_view bytes, std::size_t at) {
  std::size_t end = at;
  while (end < bytes.size() && bytes[end] != '\0')
    end += 1 + static_cast<unsigned char>(bytes[end]);
  return bytes.substr(at, end - at);
}

std::string gif_text(std::string_view blocks) {
  std::string text;
  for (std::size_t at = 0; at < blocks.size(); at += 1 + static_cast<unsigned char>(blocks[at]))
    text += blocks.substr(at + 1, static_cast<unsigned char>(blocks[at]));
  return text;
}

std::size_t gif_table_size(char flags) {
  const auto bits = static_cast<unsigned char>(flags);
  return (bits & 0x80U) == 0 ? 0 : std::size_t{3} << ((bits & 7U) + 1);
}

/// GIF89a specification: the screen, then images and extensions, each with its blocks.
std::optional<std::string> gif_session(std::string_view bytes) {
  constexpr std::size_t kScreen = 13;
  constexpr std::size_t kImage = 10;
  if (bytes.size() < kScreen) return std::nullopt;
  std::optional<std::string> session;
  std::size_t at = kScreen + gif_table_size(bytes[kScreen - 3]);
  while (at + kImage < bytes.size()) {
    std::size_t data = at + 2;
    if (bytes[at] == '\x2C')
      data = at + kImage + gif_table_size(bytes[at + kImage - 1]) + 1;  // and the code size
    else if (bytes[at] != kGifComment[0])
      break;
    if (data >= bytes.size()) break;
    const std::string_view blocks = gif_blocks(bytes, data);
    if (bytes.substr(at, 2) == kGifComment && !blocks.empty() && blocks.size() <= kMostText &&
        blocks.substr(1).starts_with(kGifMark))
      session = gif_text(blocks).substr(kGifMark.size());
    at = data + blocks.size() + 1;
  }
  return session;
}

std::optional<std::string> webp_session(std::string_view bytes) {
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::size_t length = little_endian_at(bytes, at + 4);
    if (length > bytes.size() - at - 8) return std::nullopt;
    if (bytes.substr(at, 4) == kWebpChunk && length <= kMostText)
      return std::string(bytes.substr(at + 8, length));
    at += 8 + length + length % 2;
  }
  return std::nullopt;
}

std::optional<std::string> png_session(Bytes bytes) {
  const PngTexts texts = png_texts(bytes);
  const auto found = texts.find(kSessionText);
  return found == texts.end() ? std::nullopt : std::optional(found->second);
}

/// In an archive of frames, the first frame has it.
std::optional<std::string> zip_session(Bytes bytes) {
  constexpr std::size_t kMostPicture = std::size_t{1} << 28U;
  const auto release = [](archive* zip) { archive_read_free(zip); };
  const std::unique_ptr<archive, decltype(release)> zip(archive_read_new(), release);
  archive_read_support_format_zip(zip.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(zip.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
      archive_read_next_header(zip.get(), &entry) != ARCHIVE_OK)
    return std::nullopt;
  std::vector<std::byte> picture(std::min(bytes.size(), kMostPicture));  // frames are stored as is
  const la_ssize_t size = archive_read_data(zip.get(), picture.data(), picture.size());
  if (size <= 0) return std::nullopt;
  return png_session(Bytes(picture).first(static_cast<std::size_t>(size)));
}

std::optional<std::string> container_session(const fs::path& path) {
  libav::quieten();
  libav::Dictionary options({{"format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"},
                             {"protocol_whitelist", "file"}});
  AVFormatContext* opened = nullptr;
  if (avformat_open_input(&opened, ("file:" + path.string()).c_str(), nullptr, options.get()) < 0)
    return std::nullopt;
  const libav::Input input(opened);
  for (const char* key : {kSessionKey, "FACEMORPH_SESSION"})
    if (const AVDictionaryEntry* entry = av_dict_get(opened->metadata, key, nullptr, 0))
      return std::string(entry->value);
  return std::nullopt;
}

/// Replaces the end of a file from `from` on.
void rewrite_end(const fs::path& path, std::size_t from, const std::string& end) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(from));
  file << end;
  if (!file.flush()) throw Error(write_problem(path, errno));
}

}  // namespace

void embed_session(const fs::path& path, VideoFormat format, const std::string& text) {
  const std::size_t size = fs::file_size(path);
  if (format == VideoFormat::Gif) {
    rewrite_end(path, size - kGifEnd.size(), gif_comment(text) + std::string(kGifEnd));
  } else if (format == VideoFormat::WebP) {
    std::string chunk = std::string(kWebpChunk) + little_endian(text.size()) + text;
    if (text.size() % 2 == 1) chunk += '\0';
    rewrite_end(path, size, chunk);
    rewrite_end(path, 4, little_endian(size - 8 + chunk.size()));
  } else if (format == VideoFormat::Apng) {
    constexpr std::size_t kPngEnd = 12;
    std::string end(kPngEnd, '\0');
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(size - kPngEnd));
    file.read(end.data(), kPngEnd);
    rewrite_end(path, size - kPngEnd, png_text_chunk(kSessionText, text) + end);
  }
}

std::optional<std::string> read_video_session(const fs::path& path) {
  if (fs::is_directory(path)) {
    const fs::path first = path / frame_name(0);
    return fs::exists(first) ? png_session(FileBytes(first).bytes()) : std::nullopt;
  }
  constexpr std::size_t kSignature = 16;
  const FileBytes head(path, kSignature);
  const auto starts = [&](const char* signature) { return starts_with(head.bytes(), signature); };
  if (!starts("GIF8") && !starts("RIFF") && !starts("\x89PNG") && !starts("PK"))
    return container_session(path);
  const FileBytes file(path);
  const Bytes bytes = file.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (starts("GIF8")) return gif_session(text);
  if (starts("RIFF")) return webp_session(text);
  return starts("PK") ? zip_session(bytes) : png_session(bytes);
}

}  // namespace facemorph
