#include "base/hardware.hpp"

#include "base/cpu_quota.hpp"

#include <link.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

namespace facemorph {
namespace {

/// More threads than this only wait for each other on networks this small.
constexpr int kMaxThreads = 4;

/// Cores that the process may run on; 0 when the system does not say.
int cores_by_affinity() {
  for (int size = 1024; size <= 1 << 16; size *= 2) {  // too small a set is refused
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(
        CPU_ALLOC(static_cast<std::size_t>(size)), [](cpu_set_t* made) { CPU_FREE(made); });
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(size));
    if (::sched_getaffinity(0, bytes, set.get()) == 0) return CPU_COUNT_S(bytes, set.get());
  }
  return 0;
}

}  // namespace

int cores() {
  int count = cores_by_affinity();
  if (count == 0) count = static_cast<int>(std::thread::hardware_concurrency());
  std::ifstream memberships("/proc/self/cgroup");
  const std::string text{std::istreambuf_iterator<char>(memberships), {}};
  if (const auto quota = cpu_quota(text, "/sys/fs/cgroup"))
    count = std::min(count, static_cast<int>(std::ceil(*quota)));
  return std::max(count, 1);
}

int choose_threads(int asked, int spared) {
  if (asked > 0) return asked;
  return std::clamp(cores() - spared, 1, kMaxThreads);
}

std::string gpu_name() {
  std::error_code ignored;
  for (const auto& card :
       std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
    std::ifstream facts(card.path() / "information");
    for (std::string line; std::getline(facts, line);) {
      if (!line.starts_with("Model:")) continue;
      const std::size_t begin = line.find_first_not_of(" \t", 6);
      if (begin != std::string::npos) return line.substr(begin);
    }
  }
  return "CUDA GPU";
}

std::string backend_warning() {
  // Debian's LibTorch calls whatever libblas.so.3 is; the reference one is 12 times slower.
  struct Seen {
    bool reference = false;
    bool fast = false;
  } seen;
  dl_iterate_phdr(
      [](dl_phdr_info* library, std::size_t, void* data) {
        auto& found = *static_cast<Seen*>(data);
        std::error_code ignored;
        const auto real = std::filesystem::canonical(library->dlpi_name, ignored).string();
        if (real.find("openblas") != std::string::npos || real.find("mkl") != std::string::npos ||
            real.find("blis") != std::string::npos)
          found.fast = true;
        else if (real.find("/blas/libblas.so") != std::string::npos)
          found.reference = true;
        return 0;
      },
      &seen);
  if (!seen.reference || seen.fast) return {};
  return "LibTorch is linked to the reference BLAS, which makes training, and networks that are no "
         "DCGAN generators, about 12 times slower. "
         "Install OpenBLAS: "
         "apt-get install libopenblas0-pthread";
}

}  // namespace facemorph
