#pragma once

#include "runs/run_events.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>

namespace facemorph {

/// Scores snapshots on a thread of its own, one at a time, while training goes on.
class BackgroundScore {
 public:
  /// `count` pictures on each side; 0 turns scoring off.
  BackgroundScore(std::shared_ptr<const DataSet> pictures, int count, std::uint64_t seed);
  BackgroundScore(const BackgroundScore&) = delete;
  BackgroundScore& operator=(const BackgroundScore&) = delete;
  ~BackgroundScore() { stop(); }

  /// Does nothing, and says false, while the one before is not taken yet: the next will come.
  bool start(std::shared_ptr<const GeneratorSnapshot> snapshot);
  /// The result when there is one. Throws what the scoring threw.
  std::optional<Scored> take();
  bool is_running() const { return running_.valid() && !is_ready(); }
  void wait(std::chrono::milliseconds most) const { running_.wait_for(most); }
  /// Drops what is under way, soon.
  void stop() { stop_.request_stop(); }

 private:
  bool is_ready() const;

  std::shared_ptr<const DataSet> pictures_;
  std::size_t count_;
  std::uint64_t seed_;
  std::shared_ptr<const Scores> real_;  ///< once it is known
  std::optional<double> usual_;         ///< distance between pictures, likewise
  std::stop_source stop_;
  std::future<Scored> running_;  ///< its end waits for the thread, so it is stopped before
};

}  // namespace facemorph
