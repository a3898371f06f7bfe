#pragma once

#include <filesystem>

namespace facemorph {

/// A new folder that nobody else can write to, removed with all it holds.
class TemporaryFolder {
 public:
  /// Throws Error when none can be made.
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace facemorph
