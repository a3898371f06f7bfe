#include "checkpoint/formats/zip_archive.hpp"

#include "base/error.hpp"
#include "checkpoint/formats/readers.hpp"
#include "checkpoint/generator/names.hpp"

#include <zip.h>

#include <memory>

namespace facemorph {
namespace {

constexpr zip_int64_t kMaxEntries = 50'000;

[[noreturn]] void damaged(const std::string& what) {
  throw Error("the archive is damaged or cut off (" + what + "). Fetch or save the file again.");
}

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using OpenArchive = std::unique_ptr<zip_t, DiscardArchive>;

OpenArchive open_archive(std::span<const std::byte> bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  OpenArchive archive(source == nullptr ? nullptr
                                        : zip_open_from_source(source, ZIP_RDONLY, &error));
  const std::string reason = archive == nullptr ? zip_error_strerror(&error) : "";
  zip_error_fini(&error);
  if (archive != nullptr) return archive;
  if (source != nullptr) zip_source_free(source);
  damaged(reason);
}

std::uint64_t unpacked_size(zip_t* archive, zip_uint64_t index) {
  zip_stat_t status;
  if (zip_stat_index(archive, index, 0, &status) != 0) damaged(zip_strerror(archive));
  if ((status.valid & ZIP_STAT_SIZE) == 0) damaged("an entry does not say its size");
  return status.size;
}

}  // namespace

ZipArchive::ZipArchive(std::span<const std::byte> bytes) : budget_(tensor_budget(bytes.size())) {
  OpenArchive archive = open_archive(bytes);
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count > kMaxEntries) damaged("it names " + std::to_string(count) + " entries");
  for (zip_int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const char* name = zip_get_name(archive.get(), index, ZIP_FL_ENC_RAW);
    names_.emplace_back(name == nullptr ? "" : name);
    index_.try_emplace(names_.back(), index);
  }
  archive_ = archive.release();
}

ZipArchive::~ZipArchive() {
  zip_discard(archive_);
}

bool ZipArchive::contains(const std::string& name) const {
  return index_.contains(name);
}

std::vector<std::byte> ZipArchive::read(const std::string& name) {
  const auto found = index_.find(name);
  if (found == index_.end()) damaged("the entry " + printable(name) + " is missing");
  const std::uint64_t size = unpacked_size(archive_, found->second);
  if (size > budget_)
    damaged("an entry claims " + std::to_string(size) + " bytes, far more than the file can hold");
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive_, found->second, 0));
  if (!file) damaged(zip_strerror(archive_));
  std::vector<std::byte> bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0) damaged(zip_file_strerror(file.get()));
    if (got == 0) damaged("an entry is shorter than it says");
    done += static_cast<std::size_t>(got);
  }
  std::byte beyond;  // reading past the end is what checks the CRC
  const zip_int64_t more = zip_fread(file.get(), &beyond, 1);
  if (more < 0) damaged(zip_file_strerror(file.get()));
  if (more > 0) damaged("an entry is longer than it says");
  budget_ -= bytes.size();
  return bytes;
}

}  // namespace facemorph
