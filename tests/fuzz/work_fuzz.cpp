// Throws bytes at the readers of sessions and of kept work: anything but success or
// facemorph::Error is a bug. What was read must survive being written and read again. Built with
// clang by `./dev fuzz`.

#include "base/error.hpp"
#include "session/session_file.hpp"
#include "session/work_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace facemorph;

namespace {

template <typename Read>
void try_to(Read read) {
  try {
    read();
  } catch (const Error&) {
  }
}

void read_work(const std::string& text) {
  const History history = work_from_text(text);
  const History again = work_from_text(work_to_text(history));
  if (again.size() != history.size() || again.at() != history.at()) std::abort();
  if (again.work(again.at()) != history.work(history.at())) std::abort();
}

void read_session(const std::string& text) {
  std::vector<std::string> dropped;
  const MorphState state = sound_parts_of(text, dropped);
  if (from_json_text(to_json_text(state)) != state) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try_to([&] { read_work(text); });
  try_to([&] { read_session(text); });
  try_to([&] { face_from_text(text); });
  return 0;
}
