#pragma once

#include "train/training_run.hpp"

#include <future>
#include <memory>
#include <optional>

namespace facemorph {

/// Scores snapshots on a thread of its own, one at a time, while training goes on.
class BackgroundScore {
 public:
  struct Result {
    Scored scored;
    Image nearest;
  };

  /// `count` pictures on each side; 0 turns scoring off.
  BackgroundScore(std::shared_ptr<const DataSet> pictures, int count, std::uint64_t seed);

  /// Does nothing while the one before is not taken yet: the next will come.
  void start(std::shared_ptr<const GeneratorSnapshot> snapshot);
  /// The result when there is one, after waiting for it if `wait`.
  std::optional<Result> take(bool wait);

 private:
  std::shared_ptr<const DataSet> pictures_;
  std::size_t count_;
  std::uint64_t seed_;
  std::shared_ptr<const Scores> real_;  ///< once it is known
  std::future<Result> running_;
};

}  // namespace facemorph
