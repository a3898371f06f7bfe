#include "train/run_control.hpp"

namespace facemorph {

void RunControl::stop() {
  stop_.request_stop();
  go_on();
}

void RunControl::pause() {
  const std::lock_guard lock(mutex_);
  paused_ = !stop_.stop_requested();
}

void RunControl::go_on() {
  {
    const std::lock_guard lock(mutex_);
    paused_ = false;
  }
  changed_.notify_all();
}

bool RunControl::pause_requested() const {
  const std::lock_guard lock(mutex_);
  return paused_;
}

void RunControl::wait_while_paused() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !paused_; });
}

}  // namespace facemorph
