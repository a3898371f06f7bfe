#include "base/memory.hpp"

#include <algorithm>
#include <cstdlib>  // says whether this is glibc
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace facemorph {
namespace {

std::optional<std::uint64_t> number_in(const char* path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  return file >> number ? std::optional(number) : std::nullopt;  // "max" is none
}

/// What a container leaves of the machine's memory.
std::uint64_t container_memory() {
  const auto most = number_in("/sys/fs/cgroup/memory.max");
  const auto used = number_in("/sys/fs/cgroup/memory.current");
  if (!most || !used) return std::numeric_limits<std::uint64_t>::max();
  return *most > *used ? *most - *used : 0;
}

}  // namespace

std::uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  for (std::uint64_t kilobytes = 0; file >> key >> kilobytes; file.ignore(64, '\n'))
    if (key == "MemAvailable:") return std::min(kilobytes * 1024, container_memory());
  return std::min(std::uint64_t{4} << 30U, container_memory());
}

void release_free_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace facemorph
