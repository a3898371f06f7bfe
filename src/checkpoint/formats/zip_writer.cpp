#include "base/error.hpp"
#include "checkpoint/formats/zip_archive.hpp"

#include <zip.h>

namespace facemorph {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLocalHeader = 30;
constexpr std::size_t kExtraHeader = 4;
constexpr zip_uint16_t kPaddingField = 0x4246;        // "FB", as PyTorch pads its own archives
constexpr zip_uint16_t kFirstDosDate = (1 << 5) | 1;  // 1980-01-01: no clock in the file

[[noreturn]] void fail(const std::string& reason) {
  throw Error("The archive could not be put together: " + reason + ".");
}

/// A zip archive being written to memory.
class Target {
 public:
  Target() {
    zip_error_t error;
    zip_error_init(&error);
    buffer_ = zip_source_buffer_create(nullptr, 0, 0, &error);
    if (buffer_ != nullptr) archive_ = zip_open_from_source(buffer_, ZIP_TRUNCATE, &error);
    if (archive_ == nullptr) {
      if (buffer_ != nullptr) zip_source_free(buffer_);
      fail(zip_error_strerror(&error));
    }
    zip_source_keep(buffer_);  // closing the archive lets go of it once
    zip_error_fini(&error);
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  ~Target() {
    if (archive_ != nullptr) zip_discard(archive_);
    zip_source_free(buffer_);
  }

  /// The bytes must live until finish().
  void add(const std::string& name, std::span<const std::byte> bytes) {
    zip_source_t* source = zip_source_buffer(archive_, bytes.data(), bytes.size(), 0);
    if (source == nullptr) fail(zip_strerror(archive_));
    const zip_int64_t added = zip_file_add(archive_, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (added < 0) {
      zip_source_free(source);
      fail(zip_strerror(archive_));
    }
    const auto index = static_cast<zip_uint64_t>(added);
    const std::size_t header = offset_ + kLocalHeader + name.size() + kExtraHeader;
    const std::vector<zip_uint8_t> padding((kAlignment - header % kAlignment) % kAlignment, 'Z');
    if (zip_set_file_compression(archive_, index, ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_dostime(archive_, index, 0, kFirstDosDate, 0) != 0 ||
        zip_file_extra_field_set(archive_, index, kPaddingField, ZIP_EXTRA_FIELD_NEW,
                                 padding.data(), static_cast<zip_uint16_t>(padding.size()),
                                 ZIP_FL_LOCAL) != 0)
      fail(zip_strerror(archive_));
    offset_ = header + padding.size() + bytes.size();
  }

  std::vector<std::byte> finish() {
    if (zip_close(archive_) != 0) fail(zip_strerror(archive_));
    archive_ = nullptr;
    if (zip_source_open(buffer_) != 0) fail("its memory cannot be read");
    zip_source_seek(buffer_, 0, SEEK_END);
    std::vector<std::byte> bytes(static_cast<std::size_t>(zip_source_tell(buffer_)));
    zip_source_seek(buffer_, 0, SEEK_SET);
    const zip_int64_t got = zip_source_read(buffer_, bytes.data(), bytes.size());
    zip_source_close(buffer_);
    if (got != static_cast<zip_int64_t>(bytes.size())) fail("its memory cannot be read");
    return bytes;
  }

 private:
  zip_source_t* buffer_ = nullptr;
  zip_t* archive_ = nullptr;
  std::size_t offset_ = 0;
};

}  // namespace

void ZipWriter::add(std::string name, std::vector<std::byte> bytes) {
  entries_.push_back({std::move(name), std::move(bytes)});
}

std::vector<std::byte> ZipWriter::finish() {
  Target target;
  for (const Entry& entry : entries_)
    target.add(entry.name, entry.bytes);
  return target.finish();
}

}  // namespace facemorph
