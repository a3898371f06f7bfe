#include "videos/output_file.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace facemorph {
namespace {

constexpr int kBuffer = 1 << 16;

#if LIBAVFORMAT_VERSION_MAJOR >= 61
using WrittenBytes = const std::uint8_t*;
#else
using WrittenBytes = std::uint8_t*;
#endif

}  // namespace

OutputFile::OutputFile(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), ignored);
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file_ < 0) throw Error(write_problem(path_, errno));
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
  const auto write_bytes = [](void* self, WrittenBytes data, int size) {
    return write(self, const_cast<std::uint8_t*>(data), size);
  };
  stream_ = avio_alloc_context(buffer, kBuffer, 1, this, nullptr, write_bytes, &OutputFile::seek);
  if (stream_ == nullptr) throw std::bad_alloc();
}

OutputFile::~OutputFile() {
  if (stream_ != nullptr) av_freep(&stream_->buffer);
  avio_context_free(&stream_);
  if (file_ >= 0) ::close(file_);
}

int OutputFile::write(void* self, std::uint8_t* data, int size) {
  auto& file = *static_cast<OutputFile*>(self);
  for (int done = 0; done < size;) {
    const ssize_t written = ::write(file.file_, data + done, static_cast<std::size_t>(size - done));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      file.error_ = errno;
      return AVERROR(file.error_);
    }
    done += static_cast<int>(written);
  }
  return size;
}

std::int64_t OutputFile::seek(void* self, std::int64_t offset, int whence) {
  const auto& file = *static_cast<OutputFile*>(self);
  if (whence == AVSEEK_SIZE) {
    struct stat facts {};
    return ::fstat(file.file_, &facts) == 0 ? facts.st_size : AVERROR(errno);
  }
  return ::lseek(file.file_, offset, whence);
}

std::string OutputFile::problem() const {
  return error_ == 0 ? std::string() : write_problem(path_, error_);
}

void OutputFile::sync() {
  avio_flush(stream_);
  if (error_ == 0 && ::fsync(file_) != 0 && errno != EINVAL) error_ = errno;
  if (error_ != 0) throw Error(problem());
}

bool OutputFile::is_in_place() const {
  struct stat ours {};
  struct stat there {};
  return ::fstat(file_, &ours) == 0 && ::stat(path_.c_str(), &there) == 0 &&
         ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

std::filesystem::path OutputFile::readable_path() const {
  return is_in_place() ? path_ : std::filesystem::path("/proc/self/fd/" + std::to_string(file_));
}

void OutputFile::remove() {
  if (is_in_place()) ::unlink(path_.c_str());
}

}  // namespace facemorph
