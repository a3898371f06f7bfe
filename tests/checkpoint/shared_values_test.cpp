#include "checkpoint/formats/shared_values.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace facemorph {
namespace {

TEST(SharedValues, CopiesShareWhatTheyHold) {
  const Weights a = std::vector<float>{1, 2};
  const Weights b = a;
  EXPECT_EQ(a.data(), b.data());
  EXPECT_EQ(a, (Weights{1, 2}));
  EXPECT_FALSE(a == (Weights{1, 3}));
}

TEST(SharedValues, AreEmptyAtFirstAndWhenMovedFrom) {
  Weights a = std::vector<float>{1, 2};
  const Weights b = std::move(a);
  EXPECT_EQ(b.size(), 2U);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is the question
  EXPECT_EQ(a, Weights());
  EXPECT_EQ(a.begin(), a.end());
}

}  // namespace
}  // namespace facemorph
