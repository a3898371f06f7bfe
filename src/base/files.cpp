#include "base/files.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <system_error>
#include <utility>

namespace facemorph {
namespace {

const std::string kTemporaryPrefix = ".facemorph-";
const std::string kTemporarySuffix = ".tmp";

namespace fs = std::filesystem;

[[noreturn]] void fail_writing(const fs::path& path, int reason) {
  throw Error(write_problem(path, reason));
}

void write_all(int file, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_writing(path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void sync_file(int file, const fs::path& path) {
  // EINVAL: this file system cannot sync, which is no reason to lose the work.
  if (::fsync(file) != 0 && errno != EINVAL) fail_writing(path, errno);
}

void sync_folder(const fs::path& folder) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.number() >= 0) ::fsync(handle.number());  // without it the rename still stands
}

/// A new file beside the target, removed again unless it took the target's name.
class Temporary {
 public:
  explicit Temporary(const fs::path& target) : target_(target) {
    do {
      // Created with the umask applied by the kernel: reading the umask is not thread-safe.
      name_ = unfinished_path(target_);
      file_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (file_ < 0 && errno == EEXIST);
    if (file_ < 0) fail_writing(target_, errno);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (file_ >= 0) ::close(file_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  int file() const { return file_; }

  void take_the_place_of_the_target() {
    if (::close(std::exchange(file_, -1)) != 0) fail_writing(target_, errno);
    if (::rename(name_.c_str(), target_.c_str()) != 0) fail_writing(target_, errno);
    name_.clear();
  }

 private:
  fs::path target_;
  fs::path name_;
  int file_ = -1;
};

/// The file that a symbolic link stands for, so that saving keeps the link.
fs::path behind_links(const fs::path& path) {
  std::error_code broken;
  if (!fs::is_symlink(path, broken)) return path;
  const fs::path real = fs::canonical(path, broken);
  return broken ? path : real;
}

fs::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path() : fs::path(value);
}

}  // namespace

std::string write_problem(const fs::path& path, int reason) {
  std::string advice;
  if (reason == ENOSPC || reason == EDQUOT) advice = " Free some space, or choose another place.";
  if (reason == EACCES || reason == EPERM || reason == EROFS || reason == ENOTDIR)
    advice = " Choose a place that you may write to.";
  if (reason == EEXIST) advice = " Choose another name, or remove it.";
  return path.string() + " could not be written: " + reason_text(reason) + "." + advice;
}

bool move_into_place(const fs::path& from, const fs::path& to, bool replace) {
  {
    const Descriptor file(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) fail_writing(to, errno);
    sync_file(file.number(), to);
  }
  // A hard link never replaces anything; file systems without links are asked first instead.
  if (!replace) {
    if (::link(from.c_str(), to.c_str()) == 0) {
      ::unlink(from.c_str());
      sync_folder(to.has_parent_path() ? to.parent_path() : fs::path("."));
      return true;
    }
    if (errno == EEXIST || is_there(to)) return false;
  }
  if (::rename(from.c_str(), to.c_str()) != 0) fail_writing(to, errno);
  sync_folder(to.has_parent_path() ? to.parent_path() : fs::path("."));
  return true;
}

fs::path home_folder() {
  fs::path home = environment_path("HOME");
  if (!home.empty()) return home;
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr && user->pw_dir != nullptr ? fs::path(user->pw_dir) : fs::path("/");
}

fs::path folder_at_home(const std::string& name) {
  const fs::path folder = home_folder() / name;
  return fs::is_directory(folder) ? folder : home_folder();
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

fs::path path_in(const fs::path& folder, std::string name, std::string_view ending) {
  constexpr std::size_t kLongest = 255;
  constexpr std::size_t kHash = 8;
  if (name.size() + ending.size() > kLongest) {
    const std::string hash = content_hash(std::as_bytes(std::span(name))).substr(0, kHash);
    const auto continues = [](char byte) {
      return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;  // a character of UTF-8
    };
    std::size_t kept = kLongest - std::min(kLongest, ending.size() + kHash + 1);
    while (kept > 0 && continues(name[kept]))
      --kept;
    name = name.substr(0, kept) + "-" + hash;
  }
  return folder / (name + std::string(ending));
}

fs::path unused_path(const fs::path& path, std::string ending) {
  std::string name = path.filename().string();
  if (ending.empty() || !name.ends_with(ending)) ending = path.extension().string();
  name.resize(name.size() - ending.size());
  fs::path free = path;
  std::error_code ignored;  // what cannot be looked at is free: writing there says what is wrong
  for (int n = 2; fs::exists(fs::symlink_status(free, ignored)); ++n)
    free = path_in(path.parent_path(), name, "-" + std::to_string(n) + ending);
  return free;
}

std::string put_aside(const fs::path& file) {
  const fs::path aside = unused_path(
      path_in(file.parent_path(), file.stem().string(), "-damaged" + file.extension().string()));
  std::error_code error;
  fs::rename(file, aside, error);
  return error ? "" : "\nIt is kept as " + aside.string() + ".";
}

fs::path unfinished_path(const fs::path& target) {
  std::random_device random;
  return target.parent_path() / (kTemporaryPrefix + std::to_string(random()) + kTemporarySuffix);
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
  const fs::path target = behind_links(path);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail_writing(path, error.value());

  struct stat old {};
  const bool replaces = ::stat(target.c_str(), &old) == 0;
  if (replaces && !S_ISREG(old.st_mode))  // renaming over /dev/null would remove the device
    throw Error(path.string() + " could not be written: it is " + what_it_is(old.st_mode) +
                ". Give the name of a file.");

  Temporary temporary(target);
  write_all(temporary.file(), bytes, path);
  if (replaces && ::fchmod(temporary.file(), old.st_mode & 0777) != 0) fail_writing(path, errno);
  sync_file(temporary.file(), path);
  temporary.take_the_place_of_the_target();
  sync_folder(folder);
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span(text)));
}

void remove_unfinished_files(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kTemporaryPrefix) && name.ends_with(kTemporarySuffix))
      found.push_back(entry.path());
  }
  for (const fs::path& file : found)
    fs::remove(file, ignored);
}

std::string content_hash(std::span<const std::byte> bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

fs::path config_folder() {
  // The XDG specification has relative paths ignored.
  const fs::path xdg = environment_path("XDG_CONFIG_HOME");
  return (xdg.is_absolute() ? xdg : home_folder() / ".config") / "facemorph";
}

fs::path find_asset(const fs::path& relative) {
  std::vector<fs::path> places;
  if (const fs::path chosen = environment_path("FACEMORPH_ASSETS"); !chosen.empty())
    places.push_back(chosen);
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  places.push_back(program / "../share/facemorph");
  places.push_back(program / "assets");
#ifdef FACEMORPH_SOURCE_ASSETS
  places.emplace_back(FACEMORPH_SOURCE_ASSETS);
#endif
  std::string tried;
  for (const fs::path& place : places) {
    fs::path candidate = (place / relative).lexically_normal();
    if (fs::is_regular_file(candidate, ignored)) return candidate;
    tried += "\n  " + candidate.string();
  }
  throw Error("A file that comes with Facemorph is missing: " + relative.string() +
              ". Reinstall, or set FACEMORPH_ASSETS to the assets folder. Looked for:" + tried);
}

}  // namespace facemorph
