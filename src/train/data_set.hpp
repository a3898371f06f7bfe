#pragma once

#include "media/image.hpp"
#include "train/train_config.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace facemorph {

struct SkippedPicture {
  std::string name;
  std::string reason;
};

struct DataSetOptions {
  int image_size = 64;
  int channels = 3;
  Crop crop = Crop::Centre;
  int threads = 0;           ///< that decode; 0: one for every core
  std::uint64_t memory = 0;  ///< bytes that the pictures may take; 0: half of what is free
  std::stop_token stop;      ///< ends loading early, with an Error
  std::function<void(std::size_t)> progress;  ///< pictures read so far, from any thread
};

/// Training pictures of one size, decoded once and kept as bytes in memory.
class DataSet {
 public:
  /// Reads a folder or an archive; see open_picture_files(). Pictures are cropped to a square or
  /// squeezed, and resized without aliasing; transparency becomes white. Broken ones are skipped
  /// and listed. Throws Error when no picture is left, or when they do not fit into the memory.
  DataSet(const std::filesystem::path& path, const DataSetOptions& options);
  /// Pictures that are in memory already, all squares of one size. Requires at least one.
  DataSet(std::span<const Image> images, int channels);

  std::size_t size() const { return names_.size(); }
  int image_size() const { return image_size_; }
  int channels() const { return channels_; }
  /// [channels, image_size, image_size], 0 to 255. Requires index < size().
  std::span<const std::uint8_t> picture(std::size_t index) const;
  const std::string& name(std::size_t index) const { return names_[index]; }
  const std::vector<SkippedPicture>& skipped() const { return skipped_; }
  std::size_t other_files() const { return other_files_; }  ///< not pictures, by their names
  std::uint64_t bytes() const { return pixels_.size(); }

  /// A picture as it will be seen in training, for previews.
  Image image(std::size_t index) const;

 private:
  std::size_t stride() const;

  int image_size_;
  int channels_;
  std::vector<std::uint8_t> pixels_;
  std::vector<std::string> names_;
  std::vector<SkippedPicture> skipped_;
  std::size_t other_files_ = 0;
};

/// One picture the way the networks see it: [channels, size, size] bytes. Throws Error.
std::vector<std::uint8_t> prepare_picture(std::span<const std::byte> file,
                                          const DataSetOptions& options);

}  // namespace facemorph
