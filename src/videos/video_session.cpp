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

/// Our comment is the last thing in the file: looked for from there.
std::optional<std::string> gif_session(std::string_view bytes) {
  const std::size_t tail = bytes.size() - std::min(bytes.size(), kMostText);
  for (std::size_t at = bytes.rfind(kGifComment); at != std::string_view::npos && at >= tail;
       at = at == 0 ? std::string_view::npos : bytes.rfind(kGifComment, at - 1)) {
    std::string text;
    std::size_t block = at + 2;
    while (block < bytes.size() && bytes[block] != '\0') {
      const std::size_t length = static_cast<unsigned char>(bytes[block]);
      text += bytes.substr(block + 1, length);
      block += 1 + length;
    }
    if (text.starts_with(kGifMark)) return text.substr(kGifMark.size());
  }
  return std::nullopt;
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
  const FileBytes file(path);
  const Bytes bytes = file.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (starts_with(bytes, "GIF8")) return gif_session(text);
  if (starts_with(bytes, "RIFF")) return webp_session(text);
  if (starts_with(bytes, "\x89PNG")) return png_session(bytes);
  if (starts_with(bytes, "PK")) return zip_session(bytes);
  return container_session(path);
}

}  // namespace facemorph
