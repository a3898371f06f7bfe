#include "base/file_lock.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

namespace facemorph {
namespace {

/// For owner_has_ended(); a lock without it is a lock.
void note_owner(int file) {
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) == 0 && ::pwrite(file, text.data(), text.size(), 0) < 0) return;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file, const std::string& held_message)
    : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw Error(file.string() + " could not be opened: " + std::strerror(errno) + ".");
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) {
    note_owner(file_);
    return;
  }
  const bool held = errno == EWOULDBLOCK;
  ::close(file_);
  // Some network file systems have no locks; better to train without than not at all.
  file_ = -1;
  if (held) throw Error(held_message);
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

bool FileLock::owner_has_ended(const std::filesystem::path& file) {
  long owner = 0;
  if (!(std::ifstream(file) >> owner) || owner <= 0) return false;
  std::ifstream status("/proc/" + std::to_string(owner) + "/stat");
  std::string text;
  if (!std::getline(status, text)) return true;
  // "42 (any name) Z …": a killed process whose threads have not all ended is there as a zombie.
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && name_end + 2 < text.size() &&
         (text[name_end + 2] == 'Z' || text[name_end + 2] == 'X');
}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace facemorph
