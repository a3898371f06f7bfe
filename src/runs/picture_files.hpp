#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace facemorph {

/// One file that may be a picture.
struct PictureFile {
  std::string name;                 ///< path within the folder or archive
  std::vector<std::byte> bytes;     ///< whole when they begin as a picture's do, else a few
  std::string problem;              ///< why it could not be read
  std::size_t place = 0;            ///< for read_again()
  bool is_picture = false;          ///< by its content or its name
  std::optional<std::size_t> link;  ///< the file of that place once more, under another name
};

/// A folder of the pictures that was not looked into.
struct LeftOutFolder {
  std::string name;
  std::string reason;
};

/// The files of a folder or an archive, one after the other. Pictures are recognised by content,
/// whatever they are called; hidden files are left out.
///
/// Folder: sub-folders too, sorted by name. Links to folders are followed once: not in circles, and
/// not to what is in already. Training runs are left out: their pictures are Facemorph's own faces.
/// Archive: .zip or .tar, compressed or not, recognised by content, in its own order. Nothing is
/// unpacked to disk.
class PictureFiles {
 public:
  virtual ~PictureFiles() = default;
  /// The next file, or nothing after the last, however often asked. Throws Error when an archive is
  /// damaged.
  virtual std::optional<PictureFile> next() = 0;
  /// 0 to 1: how much next() has read. From any thread.
  virtual double progress() const = 0;

  /// False for .tar archives: they can only be read from the beginning to the end.
  virtual bool can_read_again() const = 0;
  /// The file that next() gave with this place. From any thread. Requires can_read_again().
  virtual PictureFile read_again(std::size_t place) const = 0;

  /// After the last file: whether one belongs to a training run. Archives do not know before.
  virtual bool is_of_run(const std::string& name) const = 0;
  /// After the last file.
  virtual std::vector<LeftOutFolder> left_out() const = 0;
};

/// A stop ends opening, and reading archives, with an Error. Throws Error that says what was looked
/// for: nothing there, neither a folder nor an archive, an archive that is encrypted, a run.
std::unique_ptr<PictureFiles> open_picture_files(const std::filesystem::path& path,
                                                 const std::stop_token& stop = {});

/// Whether a file is taken for a picture, by its name or its content.
bool is_picture_file(const std::filesystem::path& path);

}  // namespace facemorph
