#include "runs/run_control.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace facemorph {

void RunControl::stop() {
  stop_.request_stop();
  go_on();
}

void RunControl::pause() {
  {
    const std::lock_guard lock(mutex_);
    paused_ = !stop_.stop_requested();
  }
  changed_.notify_all();
}

void RunControl::go_on() {
  {
    const std::lock_guard lock(mutex_);
    paused_ = false;
    step_.reset();
  }
  changed_.notify_all();
}

void RunControl::step_once(StepParts parts) {
  {
    const std::lock_guard lock(mutex_);
    if (paused_) step_ = parts;
  }
  changed_.notify_all();
}

void RunControl::set_pace(const Pace& pace) {
  {
    const std::lock_guard lock(mutex_);
    if (pace_ == pace) return;
    pace_ = pace;
  }
  changed_.notify_all();
}

void RunControl::publish(GeneratorWeights weights) {
  {
    const std::lock_guard lock(mutex_);
    if (weights_ == weights) return;
    weights_ = weights;
    wish_to_publish_ = true;
  }
  changed_.notify_all();
}

void RunControl::keep(std::uint64_t step) {
  const std::lock_guard lock(mutex_);
  keep_ = step;
}

std::optional<std::uint64_t> RunControl::step_to_keep() const {
  const std::lock_guard lock(mutex_);
  return keep_;
}

bool RunControl::pause_requested() const {
  const std::lock_guard lock(mutex_);
  return paused_;
}

Pace RunControl::pace() const {
  const std::lock_guard lock(mutex_);
  return pace_;
}

GeneratorWeights RunControl::published_weights() const {
  const std::lock_guard lock(mutex_);
  return weights_;
}

bool RunControl::take_wish_to_publish() {
  const std::lock_guard lock(mutex_);
  return std::exchange(wish_to_publish_, false);
}

void RunControl::rest_after(double worked) const {
  constexpr double kLeastShare = 0.02;
  std::unique_lock lock(mutex_);
  const Pace pace = pace_;
  if (pace.share >= 1) return;
  const double seconds = worked * (1 / std::max(pace.share, kLeastShare) - 1);
  changed_.wait_for(lock, std::chrono::duration<double>(seconds),
                    [&] { return pace_ != pace || paused_ || stop_.stop_requested(); });
}

std::optional<StepParts> RunControl::wait_while_paused() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !paused_ || step_ || wish_to_publish_; });
  return std::exchange(step_, std::nullopt);
}

}  // namespace facemorph
