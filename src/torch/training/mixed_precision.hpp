#pragma once

#include <torch/types.h>

namespace facemorph {

/// While it lives, convolutions and matrix products of this thread on `device` run in bfloat16,
/// with weights, batch norm and losses in float32 (Micikevicius et al. 2018; no loss scaling is
/// needed, as bfloat16 has float32's range). Does nothing unless `wanted`. Never nested.
class MixedPrecision {
 public:
  MixedPrecision(torch::Device device, bool wanted);
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;
  ~MixedPrecision();

 private:
  torch::Device device_;
  bool wanted_;
};

}  // namespace facemorph
