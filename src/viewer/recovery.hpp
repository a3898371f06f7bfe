#pragma once

#include "base/background.hpp"
#include "base/file_lock.hpp"
#include "session/morph_state.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace facemorph {

/// Keeps a session safe in a file that goes when the window closes in good order: what is there at
/// the next start was lost. Only one window at a time does so; others would overwrite it.
class Recovery {
 public:
  explicit Recovery(std::filesystem::path file);
  ~Recovery();
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;

  const std::filesystem::path& file() const { return file_; }
  /// Whether a window before this one left a session, which nobody has taken or forgotten yet.
  /// Until then it is not overwritten.
  bool found() const { return found_; }
  void take() { found_ = false; }
  void forget();

  /// Writes the state on the disk's thread; while that takes, only the newest one waits.
  void keep(const MorphState& state, Background& disk);

 private:
  void write(Background& disk);

  std::filesystem::path file_;
  std::optional<FileLock> lock_;
  bool found_ = false;
  bool writing_ = false;
  std::optional<MorphState> waiting_;
};

}  // namespace facemorph
