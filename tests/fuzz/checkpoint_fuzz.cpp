// Throws bytes at the checkpoint readers: anything but success or facemorph::Error is a bug.
// Built with clang by `./dev fuzz`.

#include "base/error.hpp"
#include "checkpoint/generator.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    facemorph::open_generator(
        facemorph::read_checkpoint({reinterpret_cast<const std::byte*>(data), size}, "input"));
  } catch (const facemorph::Error&) {
  }
  return 0;
}
