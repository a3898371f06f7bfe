#pragma once

#include "runs/report.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

namespace facemorph {

/// How much of the machine a run may take at a moment. Learns the same at any pace, but for the
/// rounding of another number of threads.
struct Pace {
  int threads = 0;   ///< where its settings name no number; 0: one a core
  double share = 1;  ///< of the time, above 0; for the rest it sleeps between parts of a step
  bool operator==(const Pace&) const = default;
};

/// What other threads ask of a training run. Asking twice is asking once.
class RunControl {
 public:
  /// Ends the run after the step under way; for good.
  void stop();
  /// Holds the run after the step under way, until go_on() or stop().
  void pause();
  void go_on();
  /// While it holds: one step, then it holds again.
  void step_once(StepParts parts);

  /// From now on; a sleeping run goes on at once.
  void set_pace(const Pace& pace);
  /// A checkpoint that somebody wants to go back to is not to be removed.
  void keep(std::uint64_t step);
  /// Which weights to publish from now on; others than before at once.
  void publish(GeneratorWeights weights);

  // --- for the run ------------------------------------------------------------------------------
  bool stop_requested() const { return stop_.stop_requested(); }
  std::stop_token token() const { return stop_.get_token(); }
  bool pause_requested() const;
  Pace pace() const;
  GeneratorWeights published_weights() const;
  std::optional<std::uint64_t> step_to_keep() const;
  /// Whether publish() asked for other weights since the last time.
  bool take_wish_to_publish();
  /// Sleeps for as long as the pace wants after this many seconds of work.
  void rest_after(double worked) const;
  /// Waits while a pause is asked for and there is nothing to do meanwhile. Returns the step to
  /// make, if that is what there is to do.
  std::optional<StepParts> wait_while_paused();

 private:
  std::stop_source stop_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool paused_ = false;
  std::optional<StepParts> step_;
  Pace pace_;
  GeneratorWeights weights_ = GeneratorWeights::Averaged;
  bool wish_to_publish_ = false;
  std::optional<std::uint64_t> keep_;
};

}  // namespace facemorph
