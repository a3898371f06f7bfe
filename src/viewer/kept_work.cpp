#include "viewer/kept_work.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "session/session_file.hpp"
#include "session/work_file.hpp"

namespace facemorph {

namespace fs = std::filesystem;

namespace {

constexpr int kMostWindows = 16;

}  // namespace

KeptWork::KeptWork(const fs::path& folder)
    : earlier_(folder / (std::string("lost") + kSessionExtension)) {
  for (int window = 1; window <= kMostWindows && !lock_; ++window) {
    file_ = folder / (window == 1 ? "work.json" : "work-" + std::to_string(window) + ".json");
    try {
      fs::create_directories(folder);
      lock_.emplace(file_.string() + ".lock", "another window keeps its work there");
    } catch (const std::exception&) {
      earlier_.clear();  // the first window's
    }
  }
}

KeptWork::Found KeptWork::read() const {
  std::error_code ignored;
  for (const fs::path& file : {file_, earlier_}) {
    if (!lock_ || file.empty() || !fs::exists(file, ignored)) continue;
    try {
      return {load_work(file), {}};
    } catch (const std::exception& error) {
      return {std::nullopt, error.what() + put_aside(file)};
    }
  }
  return {};
}

void KeptWork::write(const History& history) const {
  if (!lock_) return;
  save_work(file_, history);
  std::error_code ignored;
  if (!earlier_.empty()) fs::remove(earlier_, ignored);
}

}  // namespace facemorph
