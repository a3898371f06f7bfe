#pragma once

#include "videos/libav.hpp"

#include <filesystem>
#include <string>

namespace facemorph {

/// A new file that FFmpeg writes into. It stays ours when its folder is removed or renamed: what
/// was written can be read back through readable_path() as long as this object lives.
class OutputFile {
 public:
  /// Creates it, and missing folders. Throws Error when it exists or cannot be written.
  explicit OutputFile(std::filesystem::path path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  AVIOContext* stream() { return stream_; }
  /// What went wrong with the last write, for people; empty if nothing.
  std::string problem() const;
  /// Everything that was written is on the disk after this. Throws Error.
  void sync();
  const std::filesystem::path& path() const { return path_; }
  /// Whether path() still leads to the file.
  bool is_in_place() const;
  std::filesystem::path readable_path() const;
  void remove();

 private:
  static int write(void* self, std::uint8_t* data, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  std::filesystem::path path_;
  int file_ = -1;
  int error_ = 0;
  AVIOContext* stream_ = nullptr;
};

}  // namespace facemorph
