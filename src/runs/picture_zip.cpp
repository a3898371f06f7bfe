#include "base/error.hpp"
#include "runs/picture_sources.hpp"

#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <atomic>
#include <mutex>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLocked = "locked by a password";

struct CloseZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

class Zip : public PictureFiles {
 public:
  Zip(zip_t* archive, const fs::path& path)
      : archive_(archive),
        count_(
            static_cast<std::size_t>(std::max<zip_int64_t>(0, zip_get_num_entries(archive, 0)))) {
    bool open = false;
    bool locked = false;
    for (std::size_t place = 0; place < count_ && !open; ++place)
      if (is_file(name_of(place))) (is_locked(place) ? locked : open) = true;
    if (locked && !open)
      throw Error(path.string() + " is " + kLocked +
                  ". Unpack it with the password, and give the folder that the pictures are in.");
  }

  std::optional<PictureFile> next() override {
    while (next_ < count_) {
      const std::size_t place = next_++;
      if (!is_file(name_of(place))) continue;
      PictureFile file = read_again(place);
      names_.see(file);
      return file;
    }
    return std::nullopt;
  }

  double progress() const override {
    return static_cast<double>(next_) / static_cast<double>(std::max<std::size_t>(1, count_));
  }

  bool can_read_again() const override { return true; }

  PictureFile read_again(std::size_t place) const override {
    const std::lock_guard lock(mutex_);
    PictureFile file;
    file.name = name_of(place);
    file.place = place;
    if (is_link(place)) {
      follow(file);
      return file;
    }
    std::unique_ptr<zip_file_t, CloseZip> entry;
    read_picture(file, [&](std::vector<std::byte>& bytes, std::size_t count) {
      if (!entry) entry = open_entry(place);
      append(*entry, bytes, count);
    });
    return file;
  }

  bool is_of_run(const std::string& name) const override { return names_.is_of_run(name); }
  std::vector<LeftOutFolder> left_out() const override { return names_.runs(); }

 private:
  static bool is_file(const std::string& name) {
    return !name.empty() && !name.ends_with('/') && !is_hidden(name);
  }

  std::string name_of(std::size_t place) const {
    const char* name = zip_get_name(archive_.get(), place, ZIP_FL_ENC_GUESS);
    return name == nullptr ? "" : name;
  }

  bool is_locked(std::size_t place) const {
    zip_stat_t status{};
    return zip_stat_index(archive_.get(), place, 0, &status) == 0 &&
           (status.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
           status.encryption_method != ZIP_EM_NONE;
  }

  bool is_link(std::size_t place) const {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    return zip_file_get_external_attributes(archive_.get(), place, 0, &system, &attributes) == 0 &&
           system == ZIP_OPSYS_UNIX && S_ISLNK(attributes >> 16U);
  }

  std::unique_ptr<zip_file_t, CloseZip> open_entry(std::size_t place) const {
    if (is_locked(place)) throw Error(kLocked);
    std::unique_ptr<zip_file_t, CloseZip> entry(zip_fopen_index(archive_.get(), place, 0));
    if (!entry) throw Error(zip_strerror(archive_.get()));
    return entry;
  }

  static void append(zip_file_t& entry, std::vector<std::byte>& bytes, std::size_t count) {
    std::size_t done = bytes.size();
    bytes.resize(done + count);
    while (done < bytes.size()) {
      const zip_int64_t got = zip_fread(&entry, bytes.data() + done, bytes.size() - done);
      if (got < 0) throw Error(zip_file_strerror(&entry));
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
  }

  /// A link's content is where it leads.
  void follow(PictureFile& file) const try {
    constexpr std::size_t kLongest = 4096;
    std::vector<std::byte> bytes;
    append(*open_entry(file.place), bytes, kLongest);
    const std::string target =
        link_target(file.name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    const zip_int64_t place = zip_name_locate(archive_.get(), target.c_str(), 0);
    if (place < 0) throw Error("a link to something that is not in the archive");
    file.is_picture = true;  // if that is one
    file.link = static_cast<std::size_t>(place);
  } catch (const Error& error) {
    file.is_picture = has_picture_name(file.name);
    file.problem = error.what();
  }

  std::unique_ptr<zip_t, CloseZip> archive_;
  mutable std::mutex mutex_;  ///< libzip's handles are for one thread at a time
  std::size_t count_;
  std::atomic<std::size_t> next_ = 0;
  ArchiveNames names_;
};

}  // namespace

std::unique_ptr<PictureFiles> open_zip(const fs::path& path) {
  int reason = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_RDONLY, &reason);
  return archive == nullptr ? nullptr : std::make_unique<Zip>(archive, path);
}

}  // namespace facemorph
