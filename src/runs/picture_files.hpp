#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// One file that may be a picture.
struct PictureFile {
  std::string name;              ///< path within the folder or archive
  std::vector<std::byte> bytes;  ///< empty when `problem` says why it could not be read
  std::string problem;
  std::size_t place = 0;  ///< for read_again()
};

/// The files of a folder (sub-folders too, sorted by name) or of a .zip or .tar archive (in its own
/// order, compressed or not, recognised by content), one after the other. Hidden files are left
/// out, and only files with a picture's name are read; nothing is unpacked to disk.
class PictureFiles {
 public:
  virtual ~PictureFiles() = default;
  /// The next file, or nothing after the last, however often asked. Throws Error when an archive is
  /// damaged.
  virtual std::optional<PictureFile> next() = 0;

  /// False for .tar archives: they can only be read from the beginning to the end.
  virtual bool can_read_again() const = 0;
  /// The file that next() gave with this place. From any thread. Requires can_read_again().
  virtual PictureFile read_again(std::size_t place) const = 0;
};

/// Throws Error that says what was looked for: nothing there, not a folder nor an archive.
std::unique_ptr<PictureFiles> open_picture_files(const std::filesystem::path& path);

/// Whether a name ends like a picture's (.jpg, .jpeg, .jfif, .png, .webp).
bool has_picture_name(const std::string& name);

}  // namespace facemorph
