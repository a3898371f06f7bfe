#pragma once

#include <array>
#include <chrono>
#include <numeric>

namespace facemorph {

/// The parts of a training step.
enum Phase { kReal, kFake, kGenerator, kOther, kRest, kPhases };

/// Where the time goes.
class StepWatch {
 public:
  using Clock = std::chrono::steady_clock;
  /// Returns the seconds since the last call, which were this part's.
  double lap(Phase phase) {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    seconds_[phase] += seconds;
    last_ = now;
    return seconds;
  }
  void skip() { last_ = Clock::now(); }
  double seconds(Phase phase) const { return seconds_[phase]; }
  double total() const { return std::accumulate(seconds_.begin(), seconds_.end(), 0.0); }

 private:
  std::array<double, kPhases> seconds_{};
  Clock::time_point last_ = Clock::now();
};

}  // namespace facemorph
