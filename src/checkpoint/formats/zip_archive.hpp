#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

struct zip;

namespace facemorph {

/// A zip archive in memory, read with libzip: names, and entries whose CRC was checked.
class ZipArchive {
 public:
  /// The bytes must outlive it. Throws Error for damaged archives.
  explicit ZipArchive(std::span<const std::byte> bytes);
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;
  ~ZipArchive();

  const std::vector<std::string>& names() const { return names_; }
  bool contains(const std::string& name) const;
  /// An entry's bytes, unpacked. Unpacked sizes are bounded by the archive's own size.
  /// Throws Error when it is missing, damaged or unreasonable.
  std::vector<std::byte> read(const std::string& name);

 private:
  zip* archive_ = nullptr;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint64_t> index_;  ///< names_, the other way round
  std::size_t budget_;
};

/// Writes archives of stored entries in order, every entry's data aligned to 64 bytes as PyTorch
/// does. The same entries give the same bytes.
class ZipWriter {
 public:
  void add(std::string name, std::vector<std::byte> bytes);
  std::vector<std::byte> finish();

 private:
  struct Entry {
    std::string name;
    std::vector<std::byte> bytes;
  };
  std::vector<Entry> entries_;
};

}  // namespace facemorph
