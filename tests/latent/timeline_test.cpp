#include "latent/timeline.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace facemorph {
namespace {

const std::vector<KeyTime> kKeys = {
    {1.0, 0.5, Easing::Linear}, {3.0, 0, Easing::EaseIn}, {4.0, 1.0, Easing::Linear}};
constexpr TimeSpan kOpen{6.0, false};
constexpr TimeSpan kLoop{6.0, true};

void expect_at(const KeyPosition& at, std::size_t from, std::size_t to, float progress) {
  EXPECT_EQ(at.from, from);
  EXPECT_EQ(at.to, to);
  EXPECT_NEAR(at.progress, progress, 1e-6);
}

TEST(Timeline, StaysAtAKeyForItsHoldAndThenGoesOn) {
  expect_at(position_at(kKeys, kOpen, 1.0), 0, 0, 0);
  expect_at(position_at(kKeys, kOpen, 1.4), 0, 0, 0);
  expect_at(position_at(kKeys, kOpen, 2.25), 0, 1, 0.5F);
  expect_at(position_at(kKeys, kOpen, 3.0), 1, 1, 0);
}

TEST(Timeline, EverySegmentHasItsOwnEasing) {
  expect_at(position_at(kKeys, kOpen, 3.5), 1, 2, 0.25F);
}

TEST(Timeline, OpenOnesRestBeforeTheirFirstKeyAndBehindTheirLast) {
  expect_at(position_at(kKeys, kOpen, 0.0), 0, 0, 0);
  expect_at(position_at(kKeys, kOpen, -7.0), 0, 0, 0);
  expect_at(position_at(kKeys, kOpen, 5.9), 2, 2, 0);
  expect_at(position_at(kKeys, kOpen, 1e9), 2, 2, 0);
}

TEST(Timeline, LoopsReturnFromTheLastKeyToTheFirst) {
  expect_at(position_at(kKeys, kLoop, 5.5), 2, 0, 0.25F);  // from 5 to 7, which is 1 again
  expect_at(position_at(kKeys, kLoop, 0.5), 2, 0, 0.75F);
  expect_at(position_at(kKeys, kLoop, 6.5), 2, 0, 0.75F);
  expect_at(position_at(kKeys, kLoop, -0.5), 2, 0, 0.25F);
}

TEST(Timeline, AHoldThatReachesTheNextKeyCutsToIt) {
  const std::vector<KeyTime> keys = {{0, 5, Easing::Smooth}, {2, 0, Easing::Smooth}};
  expect_at(position_at(keys, kOpen, 1.999), 0, 0, 0);
  expect_at(position_at(keys, kOpen, 2.0), 1, 1, 0);
}

TEST(Timeline, MovesWithoutJumpsWhereNothingIsHeldToTheEnd) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> gap(0.1, 2);
  for (int round = 0; round < 50; ++round) {
    std::vector<KeyTime> keys;
    double at = gap(random);
    for (int i = 0; i < 6; ++i) {
      keys.push_back({at, gap(random) / 10, kEasings[random() % kEasings.size()]});
      at += 0.3 + gap(random);
    }
    // The place along the keys, counted from the first; a loop ends where it began.
    const TimeSpan span{at, true};
    double last = 0;
    const auto place = [&](double seconds) {
      const KeyPosition here = position_at(keys, span, seconds);
      const double to = here.to == here.from ? static_cast<double>(here.from)
                                             : static_cast<double>(here.from) + 1;
      return std::lerp(static_cast<double>(here.from), to, here.progress);
    };
    for (double seconds = 0; seconds <= 3 * span.length; seconds += 0.002) {
      const double now = place(seconds);
      const double step = std::abs(std::remainder(now - last, 6.0));
      ASSERT_TRUE(seconds == 0 || step < 0.06) << "at " << seconds;
      last = now;
    }
  }
}

TEST(EqualSteps, AreWhereTheLengthIsGone) {
  const std::vector<double> lengths = {0, 3, 4};  // three quarters in the first half
  const std::vector<float> steps = equal_steps(lengths, 4);
  EXPECT_EQ(steps.size(), 5U);
  EXPECT_FLOAT_EQ(steps[0], 0);
  EXPECT_FLOAT_EQ(steps[1], 1.0F / 6);
  EXPECT_FLOAT_EQ(steps[3], 0.5F);
  EXPECT_FLOAT_EQ(steps[4], 1);
  EXPECT_FLOAT_EQ(place_of(steps, 0.75F), 0.5F);
  EXPECT_FLOAT_EQ(place_of(steps, 0.875F), 0.75F);
  EXPECT_FLOAT_EQ(place_of({}, 0.3F), 0.3F);
}

TEST(EqualSteps, AreStraightWhereNothingChanges) {
  const std::vector<double> still(9, 0.0);
  EXPECT_EQ(equal_steps(still, 2), (std::vector<float>{0, 0.5F, 1}));
  const std::vector<double> late = {0, 0, 0, 1};
  EXPECT_FLOAT_EQ(equal_steps(late, 2)[1], (2 + 0.5F) / 3);
}

TEST(Timeline, SurvivesAnyTime) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const TimeSpan& span : {kOpen, kLoop, TimeSpan{0, true}, TimeSpan{infinity, true}})
    for (const double seconds : {1e300, -1e300, infinity, -infinity, std::nan(""), 5e-324}) {
      const KeyPosition at = position_at(kKeys, span, seconds);
      EXPECT_LT(at.from, kKeys.size());
      EXPECT_LT(at.to, kKeys.size());
      EXPECT_TRUE(at.progress >= 0 && at.progress <= 1);
    }
}

}  // namespace
}  // namespace facemorph
