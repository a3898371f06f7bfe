#include "viewer/recovery.hpp"

#include "session/session_file.hpp"

#include <utility>

namespace facemorph {

namespace fs = std::filesystem;

Recovery::Recovery(fs::path file) : file_(std::move(file)) {
  try {
    fs::create_directories(file_.parent_path());
    lock_.emplace(file_.string() + ".lock", "another window keeps its session there");
    found_ = fs::exists(file_);
  } catch (const std::exception&) {
    lock_.reset();  // nowhere to keep it: the window works all the same
  }
}

Recovery::~Recovery() {
  if (!found_) forget();
}

void Recovery::forget() {
  found_ = false;
  waiting_.reset();
  std::error_code ignored;
  if (lock_) fs::remove(file_, ignored);
}

void Recovery::keep(const MorphState& state, Background& disk) {
  if (!lock_ || found_) return;
  waiting_ = state;
  if (!writing_) write(disk);
}

void Recovery::write(Background& disk) {
  writing_ = true;
  disk.run<bool>(
      [path = file_, state = *std::exchange(waiting_, std::nullopt)] {
        save_session(path, state);
        return true;
      },
      [this, &disk](bool) {
        writing_ = false;
        if (waiting_) write(disk);
      },
      [this](const std::string&) { lock_.reset(); });  // a full disk: nothing to be done here
}

}  // namespace facemorph
