#pragma once

#include "base/file_lock.hpp"
#include "session/history.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace facemorph {

/// The place where a window keeps its work for the next one, however it ends. Windows that are open
/// at the same time have places of their own.
class KeptWork {
 public:
  /// Takes the first place in the folder that no other window has; waits a moment for one whose
  /// window has just been killed. Where nothing can be kept (a read-only home) there is none.
  explicit KeptWork(const std::filesystem::path& folder);

  /// Of the undo history: as much as costs little.
  static constexpr std::size_t kMostSteps = 60;

  bool exists() const { return lock_.has_value(); }
  const std::string& problem() const { return problem_; }  ///< why there is none
  /// Whether a window of another place, which is not open, has kept something later than this one.
  bool has_others() const;
  const std::filesystem::path& file() const { return file_; }

  struct Found {
    std::optional<History> history;  ///< none: nothing was kept
    std::string problem;             ///< why what was kept cannot be read; it was put aside
    bool others = false;             ///< there is work of another window, too
  };
  /// What the window before this one kept. Reads the disk: not for the UI thread.
  Found read() const;
  /// The same for the next window: atomic. Throws Error.
  void write(const History& history) const;

 private:
  bool take(const std::filesystem::path& file);

  std::filesystem::path folder_;
  std::filesystem::path file_;
  std::string problem_;
  std::filesystem::path earlier_;  ///< where version 0.1 kept a session that was lost
  std::optional<FileLock> lock_;
};

}  // namespace facemorph
