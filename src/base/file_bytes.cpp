#include "base/file_bytes.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kMostTries = 10;
constexpr std::chrono::milliseconds kBetweenTries{200};
constexpr std::size_t kMostInHoles = std::size_t{64} << 20;  ///< a file so small may be all holes
constexpr std::size_t kBlock = 512;                          ///< of st_blocks, in bytes

[[noreturn]] void fail_reading(const fs::path& path, int reason) {
  if (reason == ENOENT || reason == ENOTDIR)
    throw Error(path.string() + " does not exist. Check the name and the folder.");
  std::string advice;
  if (reason == EACCES || reason == EPERM)
    advice = " Ask its owner for permission, or open a copy of your own.";
  throw Error(path.string() + " cannot be read: " + reason_text(reason) + "." + advice);
}

struct stat status_of(const fs::path& path, int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) fail_reading(path, errno);
  return status;
}

bool same_state(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/// A script that saves empties the file first.
bool just_emptied(const struct stat& status) {
  constexpr std::time_t kMoment = 1;  // seconds
  return status.st_size == 0 && std::time(nullptr) - status.st_mtim.tv_sec <= kMoment;
}

void check_size(const fs::path& path, const struct stat& status, std::size_t first) {
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0)
    throw Error(path.string() +
                " is empty (0 bytes). The download or the save was cut off; fetch or save it "
                "again.");
  if (first < FileBytes::kMost) return;
  if (size > FileBytes::kMost)
    throw Error(path.string() + " is larger than " + std::to_string(FileBytes::kMost >> 30) +
                " GB, which is more than Facemorph reads.");
  // A download that has set its size and not come yet, or a file made to fill memory.
  if (size > kMostInHoles && static_cast<std::size_t>(status.st_blocks) * kBlock < size / 16)
    throw Error(path.string() +
                " is mostly holes: it was given its size, but most of it was never written. Fetch "
                "or save it again.");
}

}  // namespace

FileBytes::FileBytes(const fs::path& path, std::size_t first) {
  // Non-blocking: opening a pipe must not wait for a writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const int reason = errno;
  struct stat status {};
  const bool known =
      file.number() < 0 ? ::stat(path.c_str(), &status) == 0 : ::fstat(file.number(), &status) == 0;
  if (known && !S_ISREG(status.st_mode))
    throw Error(path.string() + " is " + what_it_is(status.st_mode) +
                ", not a file. Give the file itself.");
  if (file.number() < 0) fail_reading(path, reason);
  if (!known) fail_reading(path, errno);
  for (int tries = 0; !read(path, file.number(), first); ++tries) {
    if (tries == kMostTries)
      throw Error(path.string() +
                  " is being written to: it changes while it is read. Open it again when that is "
                  "over, or have the program save it under another name and rename it.");
    std::this_thread::sleep_for(kBetweenTries);
  }
}

bool FileBytes::read(const fs::path& path, int file, std::size_t first) {
  const struct stat before = status_of(path, file);
  if (just_emptied(before)) return false;
  check_size(path, before, first);
  size_ = std::min(static_cast<std::size_t>(before.st_size), first);
  data_ = std::make_unique_for_overwrite<std::byte[]>(size_);
  std::size_t done = 0;
  while (done < size_) {
    const ssize_t count = ::pread(file, data_.get() + done, size_ - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_reading(path, errno);
    if (count == 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return same_state(before, status_of(path, file));
}

}  // namespace facemorph
