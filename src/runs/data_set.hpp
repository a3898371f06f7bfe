#pragma once

#include "pictures/image.hpp"
#include "runs/picture_files.hpp"
#include "runs/train_config.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace facemorph {

struct SkippedPicture {
  std::string name;
  std::string reason;
};

/// How far reading is.
struct ReadingProgress {
  std::size_t pictures = 0;  ///< read so far
  double fraction = 0;       ///< of the folder's files or the archive's bytes
};

struct DataSetOptions {
  int image_size = 64;
  int channels = 3;
  Crop crop = Crop::Centre;
  int threads = 0;           ///< that decode; 0: one for every core
  std::uint64_t memory = 0;  ///< bytes that kept pictures may take; 0: half of what is free
  std::stop_token stop;      ///< ends loading early, with an Error
  /// From the thread that reads, at once and then about four times a second.
  std::function<void(const ReadingProgress&)> progress;
};

/// Training pictures of one size. All are decoded once, so that broken ones are known; as many as
/// fit are kept as bytes in memory, the others are read and decoded anew whenever they are asked
/// for.
class DataSet {
 public:
  /// Reads a folder or an archive; see open_picture_files(). Pictures are cropped to a square or
  /// squeezed, and resized without aliasing; transparency becomes white. Broken ones are skipped
  /// and listed; see decode_picture() for what one may take. Throws Error when no picture is left,
  /// or when a .tar archive, which cannot be read piece by piece, does not fit into the memory.
  DataSet(const std::filesystem::path& path, const DataSetOptions& options);
  /// Pictures that are in memory already, all squares of one size. Requires at least one.
  DataSet(std::span<const Image> images, int channels);

  std::size_t size() const { return pictures_.size(); }
  int image_size() const { return options_.image_size; }
  int channels() const { return options_.channels; }
  const std::string& name(std::size_t index) const { return pictures_[index].name; }
  bool is_kept(std::size_t index) const { return !pictures_[index].planes.empty(); }
  std::size_t kept() const { return kept_; }  ///< how many are in memory
  std::uint64_t bytes() const;                ///< of memory
  const std::vector<SkippedPicture>& skipped() const { return skipped_; }
  std::size_t other_files() const { return other_files_; }  ///< that are no pictures
  const std::vector<LeftOutFolder>& left_out() const { return left_out_; }

  /// [channels, image_size, image_size], 0 to 255. From any thread. Requires index < size(). Throws
  /// Error when a picture that is not kept can no longer be read.
  std::vector<std::uint8_t> read(std::size_t index) const;
  /// The same as it will be seen in training, for previews.
  Image image(std::size_t index) const;

 private:
  [[noreturn]] void fail(const std::filesystem::path& path) const;

  struct Picture {
    std::string name;
    std::size_t place = 0;             ///< among the files
    std::vector<std::uint8_t> planes;  ///< empty: not kept
  };

  DataSetOptions options_;
  std::shared_ptr<const PictureFiles> files_;  ///< null when every picture is kept
  std::vector<Picture> pictures_;
  std::size_t kept_ = 0;
  std::vector<SkippedPicture> skipped_;
  std::size_t other_files_ = 0;
  std::vector<LeftOutFolder> left_out_;
};

/// One picture the way the networks see it: [channels, size, size] bytes. Throws Error.
std::vector<std::uint8_t> prepare_picture(std::span<const std::byte> file,
                                          const DataSetOptions& options);

}  // namespace facemorph
