#pragma once

#include "checkpoint/generator/generator.hpp"
#include "runs/data_set.hpp"

#include <cstdint>
#include <vector>

// What is said of a training step: to it, and by it.

namespace facemorph {

/// Which networks a step trains.
enum class StepParts { Both, Discriminator, Generator };

/// Which of the generator's weights: their average (EMA), or as they are at the moment.
enum class GeneratorWeights { Averaged, Plain };

/// Means over the steps since the last report; NaN for what no step has measured since.
struct TrainReport {
  std::uint64_t step = 0;  ///< steps done
  double epoch = 0;        ///< passes over the pictures
  double loss_d = 0;       ///< without the R1 penalty
  double loss_g = 0;
  double d_real = 0;                 ///< D(x): how real real pictures look to D, 0 to 1
  double d_fake = 0;                 ///< D(G(z)) before D's step
  double d_fake_after = 0;           ///< D(G(z)) after it
  double r1 = 0;                     ///< squared gradient at real pictures, where it was measured
  double images_per_second = 0;      ///< real pictures, sleep included
  double share_real = 0;             ///< of the work: D on real pictures (and R1)
  double share_fake = 0;             ///< G forward and D on its pictures
  double share_generator = 0;        ///< the generator's own step
  double share_other = 0;            ///< reading pictures, optimisers, averaging
  std::vector<SkippedPicture> lost;  ///< pictures that could no longer be read, and why
};

/// The generator as it would be published: averaged weights (EMA) with batch-norm statistics
/// estimated for them, or the plain ones with the statistics that training has left. Immutable.
struct GeneratorSnapshot {
  std::uint64_t step = 0;
  GeneratorWeights weights = GeneratorWeights::Averaged;
  OpenedGenerator generator;
};

}  // namespace facemorph
