#pragma once

#include "train/data_set.hpp"

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace facemorph {

/// Which pictures a step sees. Epochs follow each other without a gap, each in an order of its own;
/// everything follows from the seed and the step.
class Sampler {
 public:
  Sampler(std::shared_ptr<const DataSet> pictures, std::uint64_t seed, int batch, bool flip);

  /// Pictures of step 0, 1, …: [batch, C, S, S] in [-1, 1], on the CPU.
  torch::Tensor batch(std::uint64_t step);
  /// Passes over the pictures that `steps` steps make.
  double epochs(std::uint64_t steps) const;

 private:
  const std::vector<std::int64_t>& order(std::uint64_t epoch);

  std::shared_ptr<const DataSet> pictures_;
  std::uint64_t seed_;
  std::uint64_t batch_;
  bool flip_;
  std::uint64_t epoch_ = 0;          ///< that order_ is of
  std::vector<std::int64_t> order_;  ///< empty: none yet
};

}  // namespace facemorph
