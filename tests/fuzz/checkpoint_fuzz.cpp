// Throws bytes at the checkpoint readers, and reads what opens in several ways: anything but
// success or facemorph::Error is a bug. Built with clang by `./dev fuzz`.

#include "base/error.hpp"
#include "checkpoint/generator/generator.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

constexpr std::size_t kOptionsTried = 3;

void assume_this_and_that(facemorph::OpenedGenerator generator) {
  const auto choices = generator.draft.choices;
  for (const facemorph::Choice& choice : choices)
    for (std::size_t i = 0; i < std::min(kOptionsTried, choice.options.size()); ++i)
      facemorph::assume(generator, {{choice.key, choice.options[i]}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    assume_this_and_that(facemorph::open_generator(
        facemorph::read_checkpoint({reinterpret_cast<const std::byte*>(data), size}, "input")));
  } catch (const facemorph::Error&) {
  }
  return 0;
}
