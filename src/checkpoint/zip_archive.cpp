#include "checkpoint/zip_archive.hpp"

#include "base/error.hpp"

#include <zip.h>

#include <algorithm>
#include <memory>

namespace facemorph {
namespace {

constexpr zip_int64_t kMaxEntries = 50'000;
constexpr std::size_t kAlignment = 64;

[[noreturn]] void damaged(const std::string& what) {
  throw Error("the archive is damaged or cut off (" + what + "). Fetch or save the file again.");
}

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

ZipArchive::ZipArchive(std::span<const std::byte> bytes)
    : budget_(2 * bytes.size() + (64U << 20U)) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) archive_ = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive_ == nullptr) {
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    if (source != nullptr) zip_source_free(source);
    damaged(reason);
  }
  zip_error_fini(&error);
  const zip_int64_t count = zip_get_num_entries(archive_, 0);
  if (count > kMaxEntries) {
    zip_discard(archive_);
    damaged("it names " + std::to_string(count) + " entries");
  }
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive_, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    names_.emplace_back(name == nullptr ? "" : name);
  }
}

ZipArchive::~ZipArchive() {
  zip_discard(archive_);
}

bool ZipArchive::contains(const std::string& name) const {
  return std::ranges::find(names_, name) != names_.end();
}

std::vector<std::byte> ZipArchive::read(const std::string& name) {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) damaged("the entry " + name.substr(0, 80) + " is missing");
  const auto index = static_cast<zip_uint64_t>(found - names_.begin());
  zip_stat_t status;
  if (zip_stat_index(archive_, index, 0, &status) != 0 || (status.valid & ZIP_STAT_SIZE) == 0)
    damaged(zip_strerror(archive_));
  if (status.size > budget_)
    damaged("an entry claims " + std::to_string(status.size) +
            " bytes, more than the file can hold");
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive_, index, 0));
  if (!file) damaged(zip_strerror(archive_));
  std::vector<std::byte> bytes(status.size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + done, bytes.size() - done);
    if (got <= 0) damaged(zip_file_strerror(file.get()));
    done += static_cast<std::size_t>(got);
  }
  std::byte beyond;  // reading past the end is what checks the CRC
  if (zip_fread(file.get(), &beyond, 1) != 0) damaged(zip_file_strerror(file.get()));
  budget_ -= bytes.size();
  return bytes;
}

void ZipWriter::add(std::string name, std::vector<std::byte> bytes) {
  entries_.push_back({std::move(name), std::move(bytes)});
}

std::vector<std::byte> ZipWriter::finish() {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  const auto fail = [&](const char* reason) {
    zip_discard(archive);
    zip_source_free(target);
    throw Error(std::string("The archive could not be written: ") + reason);
  };
  std::size_t offset = 0;
  for (const Entry& entry : entries_) {
    zip_source_t* source = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) fail(zip_strerror(archive));
    const auto at = static_cast<zip_uint64_t>(index);
    zip_set_file_compression(archive, at, ZIP_CM_STORE, 0);
    zip_file_set_dostime(archive, at, 0, (1 << 5) | 1, 0);  // 1980-01-01: no clock in the file
    // Local header: 30 bytes, the name, an extra field of 4 + n bytes that fills up to the
    // alignment.
    const std::size_t header = offset + 30 + entry.name.size() + 4;
    const std::size_t fill = (kAlignment - header % kAlignment) % kAlignment;
    const std::vector<zip_uint8_t> padding(fill, 'Z');
    zip_file_extra_field_set(archive, at, 0x4246, ZIP_EXTRA_FIELD_NEW, padding.data(),
                             static_cast<zip_uint16_t>(fill), ZIP_FL_LOCAL);
    offset = header + fill + entry.bytes.size();
  }
  if (zip_close(archive) != 0) fail(zip_strerror(archive));
  zip_source_open(target);
  zip_source_seek(target, 0, SEEK_END);
  std::vector<std::byte> bytes(static_cast<std::size_t>(zip_source_tell(target)));
  zip_source_seek(target, 0, SEEK_SET);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

}  // namespace facemorph
