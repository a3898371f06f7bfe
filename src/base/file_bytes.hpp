#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace facemorph {

/// A regular file's bytes, read at once: a mapped file that another program cuts short would end
/// this one. A file that changes meanwhile, as one that a script is saving, is waited for, up to
/// two seconds on the calling thread. Throws Error with a clear text for missing files, folders,
/// devices, unreadable, empty and unfinished files, and, where all of it is asked for, files that
/// are mostly holes and files of more than `kMost` bytes.
class FileBytes {
 public:
  static constexpr std::size_t kMost = std::size_t{4} << 30;

  /// `first`: not more than so many bytes, from the start.
  explicit FileBytes(const std::filesystem::path& path, std::size_t first = kMost);
  std::span<const std::byte> bytes() const { return {data_.get(), size_}; }

 private:
  bool read(const std::filesystem::path& path, int file, std::size_t first);

  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0;
};

}  // namespace facemorph
