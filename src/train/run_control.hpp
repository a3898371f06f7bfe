#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace facemorph {

/// What other threads ask of a training run. Asking twice is asking once.
class RunControl {
 public:
  /// Ends the run after the step under way; for good.
  void stop();
  /// Holds the run after the step under way, until go_on() or stop().
  void pause();
  void go_on();

  bool stop_requested() const { return stop_.stop_requested(); }
  std::stop_token token() const { return stop_.get_token(); }
  bool pause_requested() const;
  /// Returns at once unless a pause is asked for.
  void wait_while_paused();

 private:
  std::stop_source stop_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool paused_ = false;
};

}  // namespace facemorph
