#pragma once

#include "torch/network/dcgan.hpp"

#include <gtest/gtest.h>

namespace facemorph::testing {

inline void expect_near(const torch::Tensor& ours, const Tensor& pythons, const std::string& what,
                        double tolerance = 1e-5) {
  const torch::Tensor expected = to_torch(pythons);
  ASSERT_EQ(ours.sizes(), expected.sizes()) << what;
  const torch::Tensor difference = (ours - expected).abs().max();
  EXPECT_LT(difference.item<double>(), tolerance) << what;
}

}  // namespace facemorph::testing
