#include "base/files.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int close() { return ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

[[noreturn]] void fail_writing(const fs::path& path, int reason) {
  std::string advice;
  if (reason == ENOSPC) advice = " Free some space, or choose another place.";
  if (reason == EACCES || reason == EPERM || reason == EROFS) advice = " Choose a place that you may write to.";
  throw Error(path.string() + " could not be written: " + std::strerror(reason) + "." + advice);
}

void write_all(int file, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_writing(path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void sync_folder(const fs::path& folder) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.number() >= 0) ::fsync(handle.number());  // some file systems cannot; the rename still stands
}

mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

/// Removes the temporary file unless the rename went well.
struct Temporary {
  std::string name;
  bool keep = false;
  ~Temporary() {
    if (!keep) ::unlink(name.c_str());
  }
};

std::string what_it_is(const struct stat& status) {
  if (S_ISDIR(status.st_mode)) return "a folder";
  if (S_ISFIFO(status.st_mode)) return "a pipe";
  if (S_ISSOCK(status.st_mode)) return "a socket";
  return "a device";
}

}  // namespace

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error && !fs::is_directory(folder)) fail_writing(path, error.value());
  if (fs::is_directory(path)) fail_writing(path, EISDIR);

  std::string name = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
  Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (file.number() < 0) fail_writing(path, errno);
  Temporary temporary{name};
  write_all(file.number(), bytes, path);
  if (::fchmod(file.number(), usual_mode()) != 0 || ::fsync(file.number()) != 0) fail_writing(path, errno);
  if (file.close() != 0) fail_writing(path, errno);
  if (::rename(name.c_str(), path.c_str()) != 0) fail_writing(path, errno);
  temporary.keep = true;
  sync_folder(folder);
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span(text)));
}

MappedFile::MappedFile(const fs::path& path) {
  const std::string name = path.string();
  // Non-blocking: opening a pipe must not wait for a writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.number() < 0) {
    if (errno == ENOENT) throw Error(name + " does not exist. Check the name and the folder.");
    throw Error(name + " cannot be read: " + std::strerror(errno) + ".");
  }
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) throw Error(name + " cannot be read: " + std::strerror(errno) + ".");
  if (!S_ISREG(status.st_mode)) throw Error(name + " is " + what_it_is(status) + ", not a file. Give the file itself.");
  if (status.st_size == 0)
    throw Error(name + " is empty (0 bytes). The download or the save was cut off; fetch or save it again.");
  size_ = static_cast<std::size_t>(status.st_size);
  void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (mapped == MAP_FAILED) throw Error(name + " cannot be read: " + std::strerror(errno) + ".");
  data_ = static_cast<const std::byte*>(mapped);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

std::string content_hash(std::span<const std::byte> bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

fs::path config_folder() {
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME"); xdg != nullptr && *xdg == '/') return fs::path(xdg) / "facemorph";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return fs::path(home) / ".config/facemorph";
  return fs::temp_directory_path() / "facemorph";
}

fs::path find_asset(const fs::path& relative) {
  std::vector<fs::path> places;
  if (const char* set = std::getenv("FACEMORPH_ASSETS"); set != nullptr && *set != '\0') places.emplace_back(set);
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  places.push_back(program / "../share/facemorph");
  places.push_back(program / "assets");
#ifdef FACEMORPH_SOURCE_ASSETS
  places.emplace_back(FACEMORPH_SOURCE_ASSETS);
#endif
  std::string tried;
  for (const fs::path& place : places) {
    if (fs::is_regular_file(place / relative, ignored)) return (place / relative).lexically_normal();
    tried += "\n  " + (place / relative).lexically_normal().string();
  }
  throw Error("A file that comes with Facemorph is missing. Reinstall, or set FACEMORPH_ASSETS to the assets folder. "
              "Looked for:" + tried);
}

}  // namespace facemorph
