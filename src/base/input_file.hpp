#pragma once

#include "base/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace facemorph {

/// A regular file that others own and may change, read piece by piece; FileBytes reads all of one.
class InputFile {
 public:
  /// Throws Error with what is wrong, in words that go on a sentence about the file.
  explicit InputFile(const std::filesystem::path& path);

  std::uint64_t size() const { return size_; }  ///< when it was opened
  /// Fills `out`; returns less than its size only at the end. Throws Error.
  std::size_t read(std::span<std::byte> out);
  /// The next `most` bytes, or fewer at the end. Throws Error.
  std::vector<std::byte> read(std::size_t most);
  /// Passes over bytes, also beyond the end.
  void skip(std::uint64_t count);

 private:
  Descriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace facemorph
