#include "checkpoint/formats/tensor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>

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

Tensor of_double(double value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  return {DType::Float64, {1}, std::vector<std::byte>(bytes.begin(), bytes.end())};
}

TEST(Tensor, DoublesAreRoundedOnceNotTwice) {
  // Just above a tie: rounding to float first would make it a tie, and then even.
  const double above = 1.0 + std::ldexp(1.0, -11) + std::ldexp(1.0, -40);
  EXPECT_EQ(to_floats(convert_floats(of_double(above), DType::Float16)).front(),
            1.0F + std::ldexp(1.0F, -10));
  const double below = 1.0 + 3 * std::ldexp(1.0, -11) - std::ldexp(1.0, -40);
  EXPECT_EQ(to_floats(convert_floats(of_double(below), DType::Float16)).front(),
            1.0F + std::ldexp(1.0F, -10));
  EXPECT_EQ(to_floats(convert_floats(of_double(-above), DType::BFloat16)).front(), -1.0F);
  EXPECT_EQ(to_floats(convert_floats(of_double(1e300), DType::BFloat16)).front(),
            std::numeric_limits<float>::infinity());
}

TEST(Tensor, FloatsAndDoublesConvertExactly) {
  EXPECT_EQ(convert_floats(from_floats({0.1F}, {1}), DType::Float64), of_double(0.1F));
  EXPECT_EQ(to_floats(of_double(0.1)).front(), 0.1F);
}

TEST(Tensor, IntegersAreReadAsNumbers) {
  EXPECT_EQ(to_floats(Tensor{DType::Int8, {1}, {std::byte{0xFE}}}).front(), -2.0F);
  EXPECT_EQ(to_floats(Tensor{DType::UInt8, {1}, {std::byte{0xFE}}}).front(), 254.0F);
  EXPECT_EQ(to_floats(Tensor{DType::Int16, {1}, {std::byte{0}, std::byte{0x80}}}).front(), -32768);
}

TEST(Tensor, IntegersAreNotConverted) {
  const Tensor count{DType::Int64, {}, std::vector<std::byte>(8)};
  EXPECT_EQ(convert_floats(count, DType::Float16), count);
}

TEST(TensorTable, KeepsOrderAndReplacesByName) {
  TensorTable table;
  table.set("b", from_floats({1}, {1}));
  table.set("a", from_floats({2}, {1}));
  table.set("b", from_floats({3}, {1}));
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table.entries().front().name, "b");
  EXPECT_EQ(to_floats(*table.find("b")).front(), 3.0F);
  EXPECT_EQ(table.find("c"), nullptr);
}

TEST(Tensor, ShapesAreShownAsPythonDoes) {
  EXPECT_EQ(shape_text({100, 512, 4, 4}), "[100, 512, 4, 4]");
  EXPECT_EQ(shape_text({}), "[]");
}

}  // namespace
}  // namespace facemorph
