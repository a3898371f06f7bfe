#include "base/hardware.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

namespace facemorph {
namespace {

/// More threads than this only wait for each other on networks this small.
constexpr int kMaxThreads = 4;

}  // namespace

int choose_threads(int asked) {
  if (asked > 0) return asked;
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMaxThreads);
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

}  // namespace facemorph
