#pragma once

#include <chrono>
#include <functional>

namespace facemorph {

/// Seconds since some moment; never goes backwards. Tests make their own time.
using Clock = std::function<double()>;

inline Clock steady_clock() {
  return [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  };
}

}  // namespace facemorph
