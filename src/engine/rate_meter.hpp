#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>

namespace facemorph {

/// How many things were done in the last second. Any thread may add and ask.
class RateMeter {
 public:
  void add(std::size_t count) {
    const std::lock_guard lock(mutex_);
    done_.emplace_back(Clock::now(), count);
    sum_ += count;
    forget_old();
  }
  double per_second() const {
    const std::lock_guard lock(mutex_);
    forget_old();
    return static_cast<double>(sum_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  void forget_old() const {
    const auto oldest = Clock::now() - std::chrono::seconds(1);
    for (; !done_.empty() && done_.front().first < oldest; done_.pop_front())
      sum_ -= done_.front().second;
  }

  mutable std::mutex mutex_;
  mutable std::deque<std::pair<Clock::time_point, std::size_t>> done_;
  mutable std::size_t sum_ = 0;
};

}  // namespace facemorph
