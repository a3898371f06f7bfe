#pragma once

#include "base/error.hpp"
#include "runs/data_set.hpp"
#include "runs/report.hpp"
#include "runs/train_config.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace facemorph {

/// How one step is made.
struct StepOptions {
  StepParts parts = StepParts::Both;
  int threads = 0;                             ///< 0: as the settings say
  std::function<void(double seconds)> rested;  ///< after every part, with what it took; may sleep
};

/// A loss or a weight is no longer a finite number: what the networks hold is worthless.
class TrainingBrokeDown : public Error {
 public:
  using Error::Error;
};

/// Trains a generator and a discriminator on a data set, one step at a time: D on real pictures, D
/// on generated ones, then G (Goodfellow et al. 2014, algorithm 1; PyTorch DCGAN faces tutorial).
/// Knows no files, threads or clocks but its own. One thread at a time.
class Trainer {
 public:
  /// Throws UsageError for a configuration that cannot be, Error when the pictures do not fit it.
  Trainer(const TrainConfig& config, std::shared_ptr<const DataSet> pictures);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;
  ~Trainer();

  const TrainConfig& config() const;
  std::uint64_t steps() const;

  /// One step. Throws Error when LibTorch fails.
  void step(const StepOptions& options = {});
  /// Throws TrainingBrokeDown when a loss since the last report or a weight is not a finite number.
  /// Not part of step(), so that a GPU need not be waited for every time.
  void check() const;
  /// The means since the last report; checks them as well.
  TrainReport report();

  std::shared_ptr<const GeneratorSnapshot> snapshot(
      GeneratorWeights weights = GeneratorWeights::Averaged) const;

  /// Everything needed to go on bit-exactly on the CPU: "ema.…" (with batch-norm statistics, so
  /// that the table opens as a generator), "generator.…", "discriminator.…", the optimisers'
  /// moments and "training.step".
  TensorTable state() const;
  /// Throws Error naming what is missing or does not fit; the trainer is then unusable.
  void restore(const TensorTable& state);
  /// From the next step on.
  void set_learning_rates(double generator, double discriminator);
  /// Starts from another generator's weights (fine-tuning). Throws Error when shapes differ.
  void start_from(const OpenedGenerator& generator);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facemorph
