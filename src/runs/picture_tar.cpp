#include "base/error.hpp"
#include "base/input_file.hpp"
#include "runs/picture_sources.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 20'000'000;

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

/// The bytes of the archive as libarchive asks for them, with an end when reading is stopped.
class Source {
 public:
  Source(const fs::path& path, std::stop_token stop) : file_(path), stop_(std::move(stop)) {}

  bool open(archive* handle) {
    return archive_read_open2(handle, this, nullptr, &read, &skip, nullptr) == ARCHIVE_OK;
  }
  double progress() const {
    return file_.size() == 0
               ? 1
               : std::min(1.0, static_cast<double>(done_) / static_cast<double>(file_.size()));
  }
  bool stopped() const { return stop_.stop_requested(); }

 private:
  static la_ssize_t read(archive* handle, void* client, const void** block) try {
    auto& source = *static_cast<Source*>(client);
    if (source.stopped()) throw Error("stopped");
    const std::size_t got = source.file_.read(std::span(source.block_));
    source.done_ += got;
    *block = source.block_.data();
    return static_cast<la_ssize_t>(got);
  } catch (const Error& error) {
    archive_set_error(handle, EIO, "%s", error.what());
    return ARCHIVE_FATAL;
  }

  static la_int64_t skip(archive*, void* client, la_int64_t count) {
    auto& source = *static_cast<Source*>(client);
    // As far as there is something: a torn archive ends there.
    const std::uint64_t left =
        source.file_.size() - std::min<std::uint64_t>(source.done_, source.file_.size());
    const std::uint64_t skipped =
        std::min(left, static_cast<std::uint64_t>(std::max<la_int64_t>(count, 0)));
    source.file_.skip(skipped);
    source.done_ += skipped;
    return static_cast<la_int64_t>(skipped);
  }

  InputFile file_;
  std::stop_token stop_;
  std::array<std::byte, 1 << 16> block_{};
  std::atomic<std::uint64_t> done_ = 0;
};

class Tar : public PictureFiles {
 public:
  Tar(const fs::path& path, const std::stop_token& stop)
      : path_(path), source_(path, stop), handle_(archive_read_new()) {
    // Not all that there are: some run other programs.
    archive_read_support_filter_gzip(handle_.get());
    archive_read_support_filter_bzip2(handle_.get());
    archive_read_support_filter_xz(handle_.get());
    archive_read_support_filter_zstd(handle_.get());
    archive_read_support_format_tar(handle_.get());
    if (!source_.open(handle_.get())) fail("is no archive of pictures");
  }

  std::optional<PictureFile> next() override {
    for (archive_entry* entry = nullptr; !ended_ && files_ < kMaxFiles;) {
      const int result = archive_read_next_header(handle_.get(), &entry);
      ended_ = result == ARCHIVE_EOF;
      if (ended_) break;
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
        fail(files_ == 0 ? "is no archive of pictures" : "is damaged");
      if (auto file = read(entry)) return file;
    }
    if (!ended_) throw Error(path_.string() + " holds more than 20 million files.");
    return follow_link();
  }

  double progress() const override { return source_.progress(); }
  bool can_read_again() const override { return false; }
  PictureFile read_again(std::size_t) const override {
    throw Error(path_.string() + " can only be read from the beginning to the end.");
  }
  bool is_of_run(const std::string& name) const override { return names_.is_of_run(name); }
  std::vector<LeftOutFolder> left_out() const override {
    std::vector<LeftOutFolder> all = names_.runs();
    all.insert(all.end(), left_out_.begin(), left_out_.end());
    return all;
  }

 private:
  struct Link {
    std::string name;
    std::string target;
  };

  /// Nothing for what is no file.
  std::optional<PictureFile> read(archive_entry* entry) {
    const char* name = archive_entry_pathname_utf8(entry);
    if (name == nullptr) name = archive_entry_pathname(entry);
    if (name == nullptr || is_hidden(name)) return std::nullopt;
    const char* hard_link = archive_entry_hardlink(entry);
    if (archive_entry_filetype(entry) == AE_IFLNK) {
      const char* target = archive_entry_symlink(entry);
      links_.push_back({name, target == nullptr ? "" : target});
      return std::nullopt;
    }
    if (archive_entry_filetype(entry) != AE_IFREG && hard_link == nullptr) return std::nullopt;
    PictureFile file;
    file.name = name;
    file.place = ++files_;
    if (hard_link != nullptr && archive_entry_size(entry) == 0) {  // its bytes came before
      file.link = names_.place_of(plain_name(hard_link));
      file.is_picture = file.link.has_value();
    } else {
      read_picture(
          file, [this](std::vector<std::byte>& bytes, std::size_t count) { append(bytes, count); });
    }
    names_.see(file);
    return file;
  }

  void append(std::vector<std::byte>& bytes, std::size_t count) {
    const std::size_t before = bytes.size();
    bytes.resize(before + count);
    const la_ssize_t got = archive_read_data(handle_.get(), bytes.data() + before, count);
    bytes.resize(before + static_cast<std::size_t>(std::max<la_ssize_t>(got, 0)));
    if (got >= 0) return;
    const char* reason = archive_error_string(handle_.get());
    throw Error(reason == nullptr ? "damaged" : reason);
  }

  /// Symbolic links come last: they may stand before what they lead to.
  std::optional<PictureFile> follow_link() {
    while (next_link_ < links_.size()) {
      const Link& link = links_[next_link_++];
      const std::string target = link_target(link.name, link.target);
      PictureFile file;
      file.name = link.name;
      file.place = ++files_;
      file.is_picture = true;
      file.link = names_.place_of(target);
      if (!file.link) file.problem = "a link to something that is not in the archive";
      if (file.link || has_picture_name(link.name)) return file;
      left_out_.push_back({link.name, names_.has_folder(target)
                                          ? "a link to a folder that is in already"
                                          : file.problem});
    }
    return std::nullopt;
  }

  [[noreturn]] void fail(const std::string& what) const {
    if (source_.stopped()) throw_reading_stopped();
    const char* reason = archive_error_string(handle_.get());
    throw Error(path_.string() + " " + what +
                (reason == nullptr ? "" : ": " + std::string(reason)) + ".");
  }

  fs::path path_;
  Source source_;
  std::unique_ptr<archive, FreeArchive> handle_;
  std::size_t files_ = 0;
  bool ended_ = false;
  ArchiveNames names_;
  std::vector<Link> links_;
  std::size_t next_link_ = 0;
  std::vector<LeftOutFolder> left_out_;
};

}  // namespace

std::unique_ptr<PictureFiles> open_tar(const fs::path& path, const std::stop_token& stop) {
  return std::make_unique<Tar>(path, stop);
}

}  // namespace facemorph
