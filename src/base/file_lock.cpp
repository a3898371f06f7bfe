#include "base/file_lock.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace facemorph {

FileLock::FileLock(const std::filesystem::path& file, const std::string& held_message)
    : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw Error(file.string() + " could not be opened: " + std::strerror(errno) + ".");
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  const bool held = errno == EWOULDBLOCK;
  ::close(file_);
  // Some network file systems have no locks; better to train without than not at all.
  file_ = -1;
  if (held) throw Error(held_message);
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace facemorph
