// Throws bytes at the picture decoders and at the readers of archives of pictures: anything but
// success or facemorph::Error is a bug, and so is a picture of another size than it says. Built
// with clang by `./dev fuzz`.

#include "base/error.hpp"
#include "pictures/decode.hpp"
#include "runs/picture_files.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace facemorph;

namespace {

constexpr int kMostFiles = 50;

void decode(std::span<const std::byte> bytes, int least_side) {
  try {
    const Image image = decode_picture(bytes, least_side);
    const auto pixels =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    if (pixels == 0 || image.rgba.size() != 4 * pixels) std::abort();
  } catch (const Error&) {
  }
}

/// A file of its own in memory: archives are opened by their name.
class MemoryFile {
 public:
  explicit MemoryFile(std::span<const std::byte> bytes) : file_(memfd_create("archive", 0)) {
    if (write(file_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
      std::abort();
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(file_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

void read_archive(std::span<const std::byte> bytes) {
  const MemoryFile archive(bytes);
  try {
    const auto files = open_picture_files(archive.path());
    for (int i = 0; i < kMostFiles; ++i) {
      const auto file = files->next();
      if (!file) break;
      if (files->can_read_again() && files->read_again(file->place).bytes != file->bytes)
        std::abort();
      if (file->problem.empty() && file->is_picture && !file->link) decode(file->bytes, 16);
      files->is_of_run(file->name);
    }
    files->left_out();
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  if (begins_as_picture(bytes)) {
    decode(bytes, 0);
    decode(bytes, 16);
  } else {
    read_archive(bytes);
  }
  return 0;
}
