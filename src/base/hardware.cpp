#include "base/hardware.hpp"

#include <link.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

namespace facemorph {
namespace {

/// More threads than this only wait for each other on networks this small.
constexpr int kMaxThreads = 4;

}  // namespace

int cores() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
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
