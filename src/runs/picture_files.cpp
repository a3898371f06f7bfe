#include "runs/picture_files.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <mutex>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = 256 << 20;
constexpr const char* kTooLarge = "more than 256 MB";
constexpr std::size_t kMaxFiles = 20'000'000;

std::string lower_extension(const std::string& name) {
  std::string extension = fs::path(name).extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

bool is_hidden(const fs::path& path) {
  return std::ranges::any_of(path, [](const fs::path& part) {
    const std::string text = part.string();
    return (text.starts_with('.') && text != "." && text != "..") || text == "__MACOSX";
  });
}

class Folder : public PictureFiles {
 public:
  explicit Folder(const fs::path& root) : root_(root) {
    try {
      for (const auto& entry :
           fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied)) {
        fs::path name = entry.path().lexically_relative(root);
        std::error_code ignored;  // links may lead in circles, or nowhere
        if (entry.is_regular_file(ignored) && !is_hidden(name)) names_.push_back(std::move(name));
      }
    } catch (const fs::filesystem_error& error) {
      throw Error(root.string() + " could not be listed: " + error.code().message() + ".");
    }
    std::ranges::sort(names_);
  }

  std::optional<PictureFile> next() override {
    if (next_ == names_.size()) return std::nullopt;
    return read_again(next_++);
  }

  bool can_read_again() const override { return true; }

  PictureFile read_again(std::size_t place) const override {
    const fs::path& name = names_[place];
    PictureFile file{name.generic_string(), {}, {}, place};
    if (!has_picture_name(file.name)) return file;
    try {
      const FileBytes mapped(root_ / name);
      if (mapped.bytes().size() > kMaxFile) throw Error(kTooLarge);
      file.bytes.assign(mapped.bytes().begin(), mapped.bytes().end());
    } catch (const Error& error) {
      file.problem = error.what();
    }
    return file;
  }

 private:
  fs::path root_;
  std::vector<fs::path> names_;
  std::size_t next_ = 0;
};

struct CloseZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

class Zip : public PictureFiles {
 public:
  /// Nothing when the file is no .zip.
  static std::unique_ptr<Zip> open(const fs::path& path) {
    zip_t* const archive = zip_open(path.c_str(), ZIP_RDONLY, nullptr);
    return archive == nullptr ? nullptr : std::unique_ptr<Zip>(new Zip(archive));
  }

  std::optional<PictureFile> next() override {
    while (next_ < zip_get_num_entries(archive_.get(), 0)) {
      const auto place = static_cast<std::size_t>(next_++);
      const std::string name = name_of(place);
      if (!name.empty() && !name.ends_with('/') && !is_hidden(name)) return read_again(place);
    }
    return std::nullopt;
  }

  bool can_read_again() const override { return true; }

  PictureFile read_again(std::size_t place) const override {
    const std::lock_guard lock(mutex_);
    PictureFile file{name_of(place), {}, {}, place};
    if (!has_picture_name(file.name)) return file;
    try {
      read(file);
    } catch (const Error& error) {
      file.bytes.clear();
      file.problem = error.what();
    }
    return file;
  }

 private:
  explicit Zip(zip_t* archive) : archive_(archive) {}

  std::string name_of(std::size_t place) const {
    const char* name = zip_get_name(archive_.get(), place, ZIP_FL_ENC_GUESS);
    return name == nullptr ? "" : name;
  }

  void read(PictureFile& file) const {
    const std::unique_ptr<zip_file_t, CloseZip> entry(
        zip_fopen_index(archive_.get(), file.place, 0));
    if (!entry) throw Error(zip_strerror(archive_.get()));
    constexpr std::size_t kBlock = 1 << 18;
    for (zip_int64_t got = 1; got > 0;) {
      const std::size_t done = file.bytes.size();
      if (done > kMaxFile) throw Error(kTooLarge);
      file.bytes.resize(done + kBlock);
      got = zip_fread(entry.get(), file.bytes.data() + done, kBlock);
      if (got < 0) throw Error(zip_file_strerror(entry.get()));
      file.bytes.resize(done + static_cast<std::size_t>(got));
    }
  }

  std::unique_ptr<zip_t, CloseZip> archive_;
  mutable std::mutex mutex_;  ///< libzip's handles are for one thread at a time
  zip_int64_t next_ = 0;
};

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

class Tar : public PictureFiles {
 public:
  explicit Tar(const fs::path& path) : path_(path), handle_(archive_read_new()) {
    // Not all that there are: some run other programs.
    archive_read_support_filter_gzip(handle_.get());
    archive_read_support_filter_bzip2(handle_.get());
    archive_read_support_filter_xz(handle_.get());
    archive_read_support_filter_zstd(handle_.get());
    archive_read_support_format_tar(handle_.get());
    constexpr std::size_t kBlock = 1 << 16;
    if (archive_read_open_filename(handle_.get(), path.c_str(), kBlock) != ARCHIVE_OK)
      throw Error(path.string() +
                  " is neither a folder nor a .zip or .tar archive of pictures. Give the folder "
                  "that your pictures are in.");
  }

  std::optional<PictureFile> next() override {
    for (archive_entry* entry = nullptr; !ended_ && files_ < kMaxFiles;) {
      const int result = archive_read_next_header(handle_.get(), &entry);
      ended_ = result == ARCHIVE_EOF;
      if (ended_) break;
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
        fail(files_ == 0 ? "is no archive of pictures" : "is damaged");
      const char* name = archive_entry_pathname_utf8(entry);
      if (name == nullptr) name = archive_entry_pathname(entry);
      if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG || is_hidden(name)) continue;
      ++files_;
      PictureFile file{name, {}, {}, files_};
      if (has_picture_name(file.name)) read(file);
      return file;
    }
    if (ended_) return std::nullopt;
    throw Error(path_.string() + " holds more than 20 million files.");
  }

  bool can_read_again() const override { return false; }
  PictureFile read_again(std::size_t) const override {
    throw Error(path_.string() + " can only be read from the beginning to the end.");
  }

 private:
  void read(PictureFile& file) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int result = ARCHIVE_OK;
    while ((result = archive_read_data_block(handle_.get(), &block, &size, &offset)) ==
           ARCHIVE_OK) {
      if (offset < 0 || static_cast<std::size_t>(offset) + size > kMaxFile) {
        file = {file.name, {}, kTooLarge, file.place};
        return;
      }
      const auto begin = static_cast<std::size_t>(offset);
      file.bytes.resize(std::max(file.bytes.size(), begin + size));
      std::memcpy(file.bytes.data() + begin, block, size);
    }
    if (result == ARCHIVE_EOF) return;
    if (result == ARCHIVE_FATAL) fail("is damaged");
    file = {file.name, {}, archive_error_string(handle_.get()), file.place};
  }

  [[noreturn]] void fail(const std::string& what) const {
    const char* reason = archive_error_string(handle_.get());
    throw Error(path_.string() + " " + what +
                (reason == nullptr ? "" : ": " + std::string(reason)) + ".");
  }

  fs::path path_;
  std::unique_ptr<archive, FreeArchive> handle_;
  std::size_t files_ = 0;
  bool ended_ = false;
};

}  // namespace

bool has_picture_name(const std::string& name) {
  static constexpr std::array<std::string_view, 6> kExtensions = {".jpg", ".jpeg", ".jfif",
                                                                  ".jpe", ".png",  ".webp"};
  return std::ranges::find(kExtensions, lower_extension(name)) != kExtensions.end();
}

std::unique_ptr<PictureFiles> open_picture_files(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    throw Error(path.string() +
                " does not exist. Give a folder, or a .zip or .tar archive, of "
                "JPEG, PNG or WebP pictures.");
  if (error) throw Error(path.string() + " could not be opened: " + error.message() + ".");
  if (fs::is_directory(status)) return std::make_unique<Folder>(path);
  if (auto zip = Zip::open(path)) return zip;
  return std::make_unique<Tar>(path);
}

}  // namespace facemorph
