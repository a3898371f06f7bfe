#include "latent/interpolate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace facemorph {
namespace {

using testing::Each;
using testing::FloatNear;
using testing::Pointwise;

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

double angle(std::span<const float> a, std::span<const float> b) {
  return std::acos(std::min(1.0, dot(a, b) / std::sqrt(dot(a, a) * dot(b, b))));
}

Latent scaled(Latent z, float factor) {
  for (float& value : z)
    value *= factor;
  return z;
}

TEST(Interpolate, IsExactAtBothEnds) {
  for (const auto kind : {Interpolation::Slerp, Interpolation::Linear})
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const Latent a = seed_latent(seed, 100);
      const Latent b = seed_latent(seed + 1000, 100);
      EXPECT_EQ(interpolate(kind, a, b, 0.0F), a);
      EXPECT_EQ(interpolate(kind, a, b, 1.0F), b);
      EXPECT_EQ(interpolate(kind, a, b, -0.5F), a);
      EXPECT_EQ(interpolate(kind, a, b, 1.5F), b);
    }
}

TEST(Interpolate, LooksTheSameFromBothEnds) {
  const Latent a = seed_latent(1, 100);
  const Latent b = seed_latent(2, 100);
  for (const auto kind : {Interpolation::Slerp, Interpolation::Linear})
    for (float t = 0.0F; t <= 1.0F; t += 0.0625F)
      EXPECT_THAT(interpolate(kind, a, b, t),
                  Pointwise(FloatNear(1e-6F), interpolate(kind, b, a, 1.0F - t)));
}

TEST(Lerp, GoesStraight) {
  EXPECT_THAT(lerp(Latent{0.0F, 4.0F}, Latent{2.0F, 0.0F}, 0.25F),
              testing::ElementsAre(0.5F, 3.0F));
}

TEST(Lerp, StaysAtAPointThatIsBothEnds) {
  const Latent a = seed_latent(1, 100);
  EXPECT_THAT(lerp(a, a, 0.3F), Pointwise(FloatNear(1e-6F), a));
}

TEST(Slerp, KnowsTheQuarterCircle) {
  const float half = std::sqrt(0.5F);
  EXPECT_THAT(slerp(Latent{1.0F, 0.0F}, Latent{0.0F, 1.0F}, 0.5F),
              Pointwise(testing::FloatEq(), {half, half}));
}

TEST(Slerp, BlendsTheNormsOfItsEnds) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Latent a = seed_latent(seed, 100);
    const Latent b = scaled(seed_latent(seed + 1000, 100), 1.5F);
    for (float t = 0.0F; t <= 1.0F; t += 0.05F)
      EXPECT_NEAR(norm(slerp(a, b, t)), (1.0F - t) * norm(a) + t * norm(b), 1e-5F * norm(b));
  }
}

TEST(Slerp, TurnsAtConstantSpeed) {
  const Latent a = seed_latent(3, 100);
  const Latent b = scaled(seed_latent(4, 100), 0.5F);
  const double whole = angle(a, b);
  for (int step = 0; step <= 16; ++step)
    EXPECT_NEAR(angle(a, slerp(a, b, static_cast<float>(step) / 16.0F)), whole * step / 16, 1e-5);
}

TEST(Slerp, IsPreciseForSmallAngles) {
  const Latent a{1.0F, 0.0F};
  const Latent b{1.0F, 1e-3F};
  const Latent middle = slerp(a, b, 0.5F);
  EXPECT_NEAR(middle[1] / middle[0], std::tan(std::atan(1e-3) / 2), 1e-9);
}

TEST(Slerp, FallsBackToLerpWhereThereIsNoGreatCircle) {
  const Latent a = seed_latent(5, 100);
  const Latent zero(100, 0.0F);
  for (const Latent& b : {a, scaled(a, 2.0F), scaled(a, -1.0F), zero}) {
    EXPECT_EQ(slerp(a, b, 0.3F), lerp(a, b, 0.3F));
    EXPECT_EQ(slerp(b, a, 0.3F), lerp(b, a, 0.3F));
  }
  EXPECT_THAT(slerp(zero, zero, 0.5F), Each(0.0F));
}

TEST(Slerp, NeverLeavesTheNumbers) {
  Latent nearly = seed_latent(6, 16);
  const Latent a = nearly;
  for (const float nudge : {1e-7F, 1e-5F, 1e-4F, 1e-3F}) {
    nearly[0] = a[0] + nudge;
    for (const float sign : {1.0F, -1.0F})
      EXPECT_THAT(slerp(a, scaled(nearly, sign), 0.5F),
                  Each(testing::Truly([](float v) { return std::isfinite(v); })));
  }
}

TEST(Ease, StartsAtZeroEndsAtOneAndNeverTurnsBack) {
  for (const Easing easing : kEasings) {
    EXPECT_EQ(ease(easing, 0.0F), 0.0F);
    EXPECT_EQ(ease(easing, 1.0F), 1.0F);
    EXPECT_EQ(ease(easing, -3.0F), 0.0F);
    EXPECT_EQ(ease(easing, 3.0F), 1.0F);
    float last = 0.0F;
    for (int i = 0; i <= 100'000; ++i) {
      const float now = ease(easing, static_cast<float>(i) / 100'000.0F);
      ASSERT_GE(now, last) << name_of(easing) << " at " << i;
      ASSERT_LE(now, 1.0F);
      last = now;
    }
    float t = 1.0F;  // the last steps before the end, where rounding is at its worst
    last = 1.0F;
    for (int i = 0; i < 1000; ++i) {
      t = std::nextafter(t, 0.0F);
      ASSERT_LE(ease(easing, t), last) << name_of(easing);
      last = ease(easing, t);
    }
  }
}

TEST(Ease, HasTheShapeOfItsName) {
  EXPECT_EQ(ease(Easing::Linear, 0.3F), 0.3F);
  EXPECT_EQ(ease(Easing::Smooth, 0.5F), 0.5F);
  EXPECT_EQ(ease(Easing::Smoother, 0.5F), 0.5F);
  EXPECT_LT(ease(Easing::Smoother, 0.1F), ease(Easing::Smooth, 0.1F));
  EXPECT_LT(ease(Easing::EaseIn, 0.3F), 0.3F);
  EXPECT_GT(ease(Easing::EaseOut, 0.3F), 0.3F);
}

TEST(Names, ReadBackAsWhatTheyName) {
  for (const Easing easing : kEasings)
    EXPECT_EQ(easing_from(name_of(easing)), easing);
  EXPECT_EQ(name_of(Easing::EaseIn), "ease-in");
  EXPECT_EQ(easing_from("Smooth"), std::nullopt);
  EXPECT_EQ(easing_from(""), std::nullopt);
}

}  // namespace
}  // namespace facemorph
