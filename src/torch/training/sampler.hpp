#pragma once

#include "runs/data_set.hpp"

#include <torch/types.h>

#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace facemorph {

/// The real pictures of one step.
struct RealBatch {
  torch::Tensor images;              ///< [batch, C, S, S] in [-1, 1]
  std::vector<SkippedPicture> lost;  ///< could no longer be read; the next one stands in for each
};

/// Which pictures a step sees. Epochs follow each other without a gap, each in an order of its own;
/// everything follows from the seed and the step. Pictures that are not kept in memory are read
/// ahead of time on threads of their own; on a GPU those that are kept live there.
class Sampler {
 public:
  Sampler(std::shared_ptr<const DataSet> pictures, std::uint64_t seed, int batch, bool flip,
          torch::Device device = torch::kCPU);

  /// Pictures of step 0, 1, …. Throws Error when a hundred pictures in a row cannot be read.
  RealBatch batch(std::uint64_t step);
  /// Passes over the pictures that `steps` steps make.
  double epochs(std::uint64_t steps) const;

 private:
  struct Order {
    std::uint64_t epoch = 0;
    torch::Tensor places;
  };

  /// Places of a step's pictures in the set: [batch].
  torch::Tensor places(std::uint64_t step) const;
  std::shared_ptr<const Order> order(std::uint64_t epoch) const;
  torch::Tensor flips(std::uint64_t step) const;
  RealBatch read(std::uint64_t step) const;

  std::shared_ptr<const DataSet> pictures_;
  std::uint64_t seed_;
  std::int64_t batch_;
  bool flip_;
  torch::Device device_;
  torch::Tensor on_device_;  ///< all pictures, uint8; undefined: they are read on the CPU
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Order> order_;                ///< of the newest epoch asked for
  std::map<std::uint64_t, std::future<RealBatch>> upcoming_;  ///< by step
};

/// Bytes 0 to 255 to [-1, 1]; pictures with a true flip are mirrored. images: [N, C, S, S] uint8,
/// flips: [N].
torch::Tensor normalise(const torch::Tensor& images, const torch::Tensor& flips);

}  // namespace facemorph
