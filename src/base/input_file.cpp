#include "base/input_file.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace facemorph {
namespace {

[[noreturn]] void fail_reading(int reason) {
  throw Error("a file that cannot be read: " + reason_text(reason));
}

}  // namespace

// Non-blocking: opening a pipe must not wait for a writer.
InputFile::InputFile(const std::filesystem::path& path)
    : file_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
  struct stat status {};
  if (file_.number() < 0 || ::fstat(file_.number(), &status) != 0) fail_reading(errno);
  if (!S_ISREG(status.st_mode)) throw Error(what_it_is(status.st_mode) + ", not a file");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

std::size_t InputFile::read(std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::read(file_.number(), out.data() + done, out.size() - done);
    if (got == 0) break;
    if (got > 0)
      done += static_cast<std::size_t>(got);
    else if (errno != EINTR)
      fail_reading(errno);
  }
  return done;
}

std::vector<std::byte> InputFile::read(std::size_t most) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(most, size_)));
  bytes.resize(read(std::span(bytes)));
  return bytes;
}

void InputFile::skip(std::uint64_t count) {
  ::lseek(file_.number(), static_cast<off_t>(count), SEEK_CUR);
}

}  // namespace facemorph
