#include "viewer/kept_work.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "session/session_file.hpp"
#include "session/work_file.hpp"

#include <chrono>
#include <thread>

namespace facemorph {

namespace fs = std::filesystem;

namespace {

constexpr int kMostWindows = 16;
constexpr int kMostTries = 80;
constexpr std::chrono::milliseconds kBetweenTries{100};

fs::path file_of(const fs::path& folder, int window) {
  return folder / (window == 1 ? "work.json" : "work-" + std::to_string(window) + ".json");
}

fs::path lock_of(const fs::path& work) {
  return work.string() + ".lock";
}

}  // namespace

KeptWork::KeptWork(const fs::path& folder)
    : folder_(folder), earlier_(folder / (std::string("lost") + kSessionExtension)) {
  for (int window = 1; window <= kMostWindows && !lock_; ++window) {
    file_ = file_of(folder, window);
    if (!take(file_)) earlier_.clear();  // the first window's
  }
}

bool KeptWork::take(const fs::path& file) {
  const fs::path lock = lock_of(file);
  for (int tries = 0; tries < kMostTries; ++tries) {
    try {
      fs::create_directories(file.parent_path());
      lock_.emplace(lock, "another window keeps its work there");
      return true;
    } catch (const std::exception& error) {
      problem_ = error.what();
    }
    if (!FileLock::owner_has_ended(lock)) return false;
    std::this_thread::sleep_for(kBetweenTries);
  }
  return false;
}

bool KeptWork::has_others() const {
  std::error_code ignored;
  for (int window = 1; window <= kMostWindows; ++window) {
    const fs::path other = file_of(folder_, window);
    if (other == file_ || !fs::exists(other, ignored)) continue;
    const bool older = fs::exists(file_, ignored) &&
                       fs::last_write_time(other, ignored) < fs::last_write_time(file_, ignored);
    if (older) continue;
    try {
      const FileLock lock(lock_of(other), "it is open");
      return true;
    } catch (const std::exception&) {  // another window has it
    }
  }
  return false;
}

KeptWork::Found KeptWork::read() const {
  std::error_code ignored;
  for (const fs::path& file : {file_, earlier_}) {
    if (!lock_ || file.empty() || !fs::exists(file, ignored)) continue;
    try {
      return {load_work(file), {}, has_others()};
    } catch (const std::exception& error) {
      return {std::nullopt, error.what() + put_aside(file), has_others()};
    }
  }
  return {std::nullopt, {}, has_others()};
}

void KeptWork::write(const History& history) const {
  if (!lock_) return;
  save_work(file_, history);
  std::error_code ignored;
  if (!earlier_.empty()) fs::remove(earlier_, ignored);
}

}  // namespace facemorph
