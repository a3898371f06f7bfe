#pragma once

#include <filesystem>
#include <string>

namespace facemorph {

/// Holds a file so that no other process can hold it; let go of when it ends, however it ends.
class FileLock {
 public:
  /// Makes the file when it is not there; it must never be replaced, or the lock is lost.
  /// Throws Error: `held_message` when another process holds it, or that it cannot be opened.
  FileLock(const std::filesystem::path& file, const std::string& held_message);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

  /// Whether the process that took a lock last has ended, or is about to: the lock will be free.
  static bool owner_has_ended(const std::filesystem::path& file);

 private:
  int file_;
};

}  // namespace facemorph
