#pragma once

#include "runs/picture_files.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>

// What folders and archives of pictures have in common.

namespace facemorph {

inline constexpr const char* kTooLarge = "more than 100 MB";

std::unique_ptr<PictureFiles> open_folder(const std::filesystem::path& path,
                                          const std::stop_token& stop);
/// Nothing when the file is no .zip.
std::unique_ptr<PictureFiles> open_zip(const std::filesystem::path& path);
std::unique_ptr<PictureFiles> open_tar(const std::filesystem::path& path,
                                       const std::stop_token& stop);

/// Whether a name ends like a picture's (.jpg, .jpeg, .jfif, .jpe, .png, .webp).
bool has_picture_name(const std::string& name);
/// Hidden, or of macOS.
bool is_hidden(const std::filesystem::path& path);

/// Whether these are the first bytes of a run's metrics.csv.
bool begins_as_run_log(std::span<const std::byte> beginning);
LeftOutFolder left_out_run(const std::string& name);

/// Fills the file by `read`, which appends up to so many bytes, and fewer only at the end; goes on
/// after the first few only when they are a picture's. What is thrown becomes the problem.
using ReadMore = std::function<void(std::vector<std::byte>& bytes, std::size_t count)>;
void read_picture(PictureFile& file, const ReadMore& read);

/// Throws: reading was stopped.
[[noreturn]] void throw_reading_stopped();

/// What names tell of the files of an archive.
class ArchiveNames {
 public:
  /// A file that next() gives, or would give: a run's log among them tells where a run is.
  void see(const PictureFile& file);
  bool is_of_run(const std::string& name) const;
  std::vector<LeftOutFolder> runs() const;

  /// The place of a picture by its name.
  std::optional<std::size_t> place_of(const std::string& name) const;
  bool has_folder(const std::string& name) const;

 private:
  std::map<std::string, std::size_t> pictures_;
  std::set<std::string> runs_;  ///< folders, with a slash at the end
};

/// Where a symbolic link leads, in the archive that it is in.
std::string link_target(const std::string& link, const std::string& target);
/// The name without detours.
std::string plain_name(const std::string& name);

}  // namespace facemorph
