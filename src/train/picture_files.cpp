#include "train/picture_files.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxFile = 256 << 20;
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
        if (entry.is_regular_file() && !is_hidden(name)) names_.push_back(std::move(name));
      }
    } catch (const fs::filesystem_error& error) {
      throw Error(root.string() + " could not be listed: " + error.code().message() + ".");
    }
    std::ranges::sort(names_);
  }

  std::optional<PictureFile> next() override {
    if (next_ == names_.size()) return std::nullopt;
    const fs::path& name = names_[next_++];
    PictureFile file{name.generic_string(), {}, {}};
    if (!has_picture_name(file.name)) return file;
    try {
      const MappedFile mapped(root_ / name);
      if (mapped.bytes().size() > static_cast<std::size_t>(kMaxFile))
        throw Error("more than 256 MB");
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

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

class Archive : public PictureFiles {
 public:
  explicit Archive(const fs::path& path) : path_(path), handle_(archive_read_new()) {
    archive_read_support_filter_all(handle_.get());
    archive_read_support_format_tar(handle_.get());
    archive_read_support_format_zip(handle_.get());
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
      if (result < ARCHIVE_WARN) fail(files_ == 0 ? "is no archive of pictures" : "is damaged");
      const char* name = archive_entry_pathname_utf8(entry);
      if (name == nullptr) name = archive_entry_pathname(entry);
      if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG || is_hidden(name)) continue;
      ++files_;
      PictureFile file{name, {}, {}};
      if (has_picture_name(file.name)) read(file);
      return file;
    }
    if (ended_) return std::nullopt;
    throw Error(path_.string() + " holds more than 20 million files.");
  }

 private:
  void read(PictureFile& file) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int result = ARCHIVE_OK;
    while ((result = archive_read_data_block(handle_.get(), &block, &size, &offset)) ==
           ARCHIVE_OK) {
      if (offset < 0 || offset > kMaxFile - static_cast<std::int64_t>(size)) {
        file = {file.name, {}, "more than 256 MB"};
        return;
      }
      const auto begin = static_cast<std::size_t>(offset);
      file.bytes.resize(std::max(file.bytes.size(), begin + size));
      std::memcpy(file.bytes.data() + begin, block, size);
    }
    if (result == ARCHIVE_EOF) return;
    if (result == ARCHIVE_FATAL) fail("is damaged");
    file = {file.name, {}, archive_error_string(handle_.get())};
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
  return std::make_unique<Archive>(path);
}

}  // namespace facemorph
