#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace facemorph {

/// Median milliseconds of a call, over `seconds` of calls after a warm-up.
template <typename Call>
double median_milliseconds(double seconds, Call call) {
  using Clock = std::chrono::steady_clock;
  call();
  call();
  std::vector<double> times;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  do {
    const auto start = Clock::now();
    call();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  } while (Clock::now() < end);
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  return times[times.size() / 2];
}

}  // namespace facemorph
