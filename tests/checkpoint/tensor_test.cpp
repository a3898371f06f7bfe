#include "checkpoint/tensor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace facemorph {
namespace {

float through(DType dtype, float value) {
  return to_floats(convert_floats(from_floats({value}, {1}), dtype)).front();
}

TEST(Tensor, HalfRoundsToNearestEven) {
  EXPECT_EQ(through(DType::Float16, 1.0F + 1.0F / 2048), 1.0F);  // a tie: to even, down
  EXPECT_EQ(through(DType::Float16, 1.0F + 3.0F / 2048), 1.0F + 4.0F / 2048);  // a tie: to even, up
  EXPECT_EQ(through(DType::Float16, 65519.0F), 65504.0F);
  EXPECT_EQ(through(DType::Float16, 65520.0F), std::numeric_limits<float>::infinity());
  EXPECT_EQ(through(DType::Float16, -1e9F), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(through(DType::Float16, NAN)));
}

TEST(Tensor, HalfKeepsSubnormals) {
  const float smallest = std::ldexp(1.0F, -24);
  EXPECT_EQ(through(DType::Float16, smallest), smallest);
  EXPECT_EQ(through(DType::Float16, smallest / 2), 0.0F);  // a tie: to even
  EXPECT_EQ(through(DType::Float16, smallest * 1.5F), smallest * 2);
  EXPECT_EQ(through(DType::Float16, std::ldexp(1.0F, -14) - std::ldexp(1.0F, -26)),
            std::ldexp(1.0F, -14));
}

TEST(Tensor, EveryHalfSurvivesARoundTrip) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    Tensor half{DType::Float16, {1}, {std::byte(bits & 0xFFU), std::byte(bits >> 8U)}};
    const float value = to_floats(half).front();
    if (std::isnan(value)) continue;
    ASSERT_EQ(convert_floats(from_floats({value}, {1}), DType::Float16), half) << bits;
  }
}

TEST(Tensor, BrainFloatRoundsToNearestEven) {
  EXPECT_EQ(through(DType::BFloat16, 1.0F + 1.0F / 256), 1.0F);
  EXPECT_EQ(through(DType::BFloat16, 1.0F + 3.0F / 256), 1.0F + 4.0F / 256);
  EXPECT_TRUE(std::isnan(through(DType::BFloat16, NAN)));
}

TEST(Tensor, IntegersAreNotConverted) {
  const Tensor count{DType::Int64, {}, std::vector<std::byte>(8)};
  EXPECT_EQ(convert_floats(count, DType::Float16), count);
}

}  // namespace
}  // namespace facemorph
