#include "latent/walk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace facemorph {
namespace {

/// Keys at the walk's pace, and the walk as long as they need.
std::vector<KeyTime> spread(WalkShape& shape, std::size_t count) {
  std::vector<KeyTime> times;
  for (std::size_t i = 0; i < count; ++i)
    times.push_back({static_cast<double>(i) * shape.seconds_per_face, 0, shape.easing});
  shape.length =
      static_cast<double>(count - (shape.loop || count == 0 ? 0 : 1)) * shape.seconds_per_face;
  return times;
}

Latent walk_latent(WalkShape shape, const std::vector<Latent>& keys, double seconds) {
  const std::vector<KeyTime> times = spread(shape, keys.size());
  return facemorph::walk_latent(
      shape, keys.size(), [&keys](std::size_t i) { return keys[i]; },
      facemorph::walk_position(shape, times, seconds));
}

KeyPosition walk_position(WalkShape shape, std::size_t count, double seconds) {
  const std::vector<KeyTime> times = spread(shape, count);
  return facemorph::walk_position(shape, times, seconds);
}

double length_of(WalkShape shape, std::size_t count) {
  spread(shape, count);
  return facemorph::walk_duration(shape, count);
}

std::vector<Latent> faces(int count, int nz = 64) {
  std::vector<Latent> keys;
  for (int i = 0; i < count; ++i)
    keys.push_back(seed_latent(static_cast<std::uint64_t>(i), nz));
  return keys;
}

double distance(const Latent& a, const Latent& b) {
  Latent difference = a;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference[i] -= b[i];
  return norm(difference);
}

const WalkShape kLoop{.seconds_per_face = 1.7};
const WalkShape kOpen{.seconds_per_face = 1.7, .loop = false};

TEST(Spline, PassesEveryFaceWithoutACorner) {
  const auto keys = faces(5);
  const WalkShape shape{.path = WalkPath::Spline, .easing = Easing::Linear, .seconds_per_face = 1};
  for (std::size_t i = 0; i < keys.size(); ++i)
    EXPECT_EQ(walk_latent(shape, keys, static_cast<double>(i)), keys[i]);
  const double step = 1e-3;
  for (int i = 0; i < 5; ++i) {  // the same speed on both sides, in length and direction
    const Latent before = walk_latent(shape, keys, i - step);
    const Latent after = walk_latent(shape, keys, i + step);
    double turn = 0;
    for (std::size_t k = 0; k < before.size(); ++k) {
      const double left = (keys[static_cast<std::size_t>(i)][k] - before[k]) / step;
      const double right = (after[k] - keys[static_cast<std::size_t>(i)][k]) / step;
      turn += (left - right) * (left - right);
    }
    const WalkShape corners{.easing = Easing::Linear, .seconds_per_face = 1};
    EXPECT_LT(std::sqrt(turn), 0.6) << "at face " << i;
    EXPECT_GT(distance(walk_latent(corners, keys, i - 0.5), walk_latent(corners, keys, i + 0.5)),
              1.0);
  }
}

TEST(Spline, StaysAsTypicalAsItsFaces) {
  const auto keys = faces(4, 100);
  const WalkShape shape{.path = WalkPath::Spline, .seconds_per_face = 1};
  for (double t = 0; t < 4; t += 0.05) {
    EXPECT_GT(norm(walk_latent(shape, keys, t)), 8);
    EXPECT_LT(norm(walk_latent(shape, keys, t)), 12);
  }
}

TEST(Wander, ANoiseLoopClosesExactlyAndADriftDoesNot) {
  const WalkShape loop{.path = WalkPath::NoiseLoop, .seconds_per_face = 1.7, .seed = 5};
  const double round = length_of(loop, 0);
  EXPECT_DOUBLE_EQ(round, kLoopFaces * 1.7);
  EXPECT_EQ(wander(loop, 64, 0), wander(loop, 64, round));
  EXPECT_EQ(wander(loop, 64, -round), wander(loop, 64, 7 * round));
  EXPECT_GT(distance(wander(loop, 64, 0), wander(loop, 64, round / 2)), 4);
  WalkShape drift = loop;
  drift.path = WalkPath::Drift;
  EXPECT_TRUE(std::isinf(length_of(drift, 3)));
  for (int i = 1; i < 50; ++i)
    EXPECT_GT(distance(wander(drift, 64, 0), wander(drift, 64, i * round)), 1) << i;
}

TEST(Wander, IsSmoothTypicalAndDecidedByItsSeed) {
  for (const auto path : {WalkPath::NoiseLoop, WalkPath::Drift}) {
    const WalkShape shape{.path = path, .seconds_per_face = 2, .seed = 9};
    double mean = 0;
    for (int i = 0; i < 200; ++i) {
      const double t = i * 0.37;
      mean += norm(wander(shape, 100, t)) / 200;
      EXPECT_LT(distance(wander(shape, 100, t), wander(shape, 100, t + 1.0 / 60)), 0.6);
    }
    EXPECT_NEAR(mean, 10, 1);
    EXPECT_EQ(wander(shape, 100, 3.3), wander(shape, 100, 3.3));
    WalkShape other = shape;
    other.seed = 10;
    EXPECT_GT(distance(wander(shape, 100, 0), wander(other, 100, 0)), 5);
  }
}

TEST(WalkPath, NamesGoBothWays) {
  for (const WalkPath path : kWalkPaths)
    EXPECT_EQ(walk_path_from(name_of(path)), path);
  EXPECT_EQ(walk_path_from("zigzag"), std::nullopt);
}

TEST(WalkDuration, CountsTheWayBackOfALoop) {
  EXPECT_DOUBLE_EQ(length_of(kLoop, 3), 3 * 1.7);
  EXPECT_DOUBLE_EQ(length_of(kOpen, 3), 2 * 1.7);
  EXPECT_EQ(length_of(kLoop, 1), 0);
  EXPECT_EQ(length_of(kOpen, 0), 0);
}

TEST(Walk, PassesEveryFaceOnTime) {
  const auto keys = faces(4);
  const WalkShape loop{.seconds_per_face = 2.0};
  for (std::size_t i = 0; i < keys.size(); ++i)
    EXPECT_EQ(walk_latent(loop, keys, 2.0 * static_cast<double>(i)), keys[i]);
}

TEST(Walk, LoopsCloseBitForBit) {
  for (const int count : {2, 3, 5, 7, 100})
    for (const double seconds : {0.1, 1.0 / 3.0, 1.7, 2.0}) {
      const auto keys = faces(count, 16);
      const WalkShape shape{.seconds_per_face = seconds};
      const double duration = length_of(shape, keys.size());
      EXPECT_EQ(walk_latent(shape, keys, duration), walk_latent(shape, keys, 0.0));
      EXPECT_EQ(walk_latent(shape, keys, -duration), walk_latent(shape, keys, 0.0));
      EXPECT_EQ(walk_latent(shape, keys, 1000 * duration), walk_latent(shape, keys, 0.0));
    }
}

TEST(Walk, LoopsHaveNoSeam) {
  const auto keys = faces(3);
  const double duration = length_of(kLoop, keys.size());
  const Latent before = walk_latent(kLoop, keys, duration - 1e-4);
  const Latent after = walk_latent(kLoop, keys, duration + 1e-4);
  EXPECT_LT(distance(before, after), 1e-2);
}

TEST(Walk, NegativeTimesWrap) {
  const auto keys = faces(3);
  const WalkShape shape{.seconds_per_face = 2.0};
  EXPECT_EQ(walk_latent(shape, keys, -0.5), walk_latent(shape, keys, 5.5));
  EXPECT_EQ(walk_latent(shape, keys, -1e-300), keys[0]);
}

TEST(Walk, OpenWalksStopAtTheirEnds) {
  const auto keys = faces(3);
  EXPECT_EQ(walk_latent(kOpen, keys, -5), keys.front());
  EXPECT_EQ(walk_latent(kOpen, keys, length_of(kOpen, 3)), keys.back());
  EXPECT_EQ(walk_latent(kOpen, keys, 1e18), keys.back());
}

TEST(Walk, OneFaceStandsStill) {
  const auto keys = faces(1);
  for (const double seconds : {-3.0, 0.0, 0.5, 1e9}) {
    EXPECT_EQ(walk_latent(kLoop, keys, seconds), keys[0]);
    EXPECT_EQ(walk_latent(kOpen, keys, seconds), keys[0]);
  }
}

TEST(Walk, MovesWithoutJumps) {
  for (const WalkShape& shape : {kLoop, kOpen}) {
    const auto keys = faces(5);
    Latent last = walk_latent(shape, keys, 0);
    for (double seconds = 0.001; seconds < 12; seconds += 0.001) {
      const Latent now = walk_latent(shape, keys, seconds);
      ASSERT_LT(distance(now, last), 0.05) << "at " << seconds;
      last = now;
    }
  }
}

TEST(Walk, MotionDoesNotDependOnTheFrameRate) {
  const auto keys = faces(4);
  for (int frame = 0; frame < 200; ++frame) {
    const double at_25 = frame / 25.0;
    const double at_100 = (frame * 4) / 100.0;
    EXPECT_EQ(walk_latent(kLoop, keys, at_25), walk_latent(kLoop, keys, at_100));
  }
}

TEST(Walk, SurvivesAnyTime) {
  const auto keys = faces(3);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const WalkShape& shape : {kLoop, kOpen})
    for (const double seconds : {1e15, 1e300, -1e300, infinity, -infinity, std::nan(""), 5e-324}) {
      const KeyPosition at = walk_position(shape, keys.size(), seconds);
      EXPECT_LT(at.from, keys.size());
      EXPECT_LT(at.to, keys.size());
      EXPECT_TRUE(at.progress >= 0.0F && at.progress <= 1.0F);
    }
  EXPECT_EQ(walk_latent(kOpen, keys, infinity), keys.back());
  EXPECT_EQ(walk_latent(kLoop, keys, std::nan("")), keys.front());
}

TEST(Walk, SurvivesAnySpeed) {
  for (const double seconds_per_face : {5e-324, 1e-300, 1e300, 0.0, -1.0, std::nan("")}) {
    WalkShape shape;
    shape.seconds_per_face = seconds_per_face;
    for (const bool loop : {true, false}) {
      shape.loop = loop;
      const KeyPosition at = walk_position(shape, 3, 12.5);
      EXPECT_LT(at.from, 3U);
      EXPECT_TRUE(at.progress >= 0.0F && at.progress <= 1.0F);
    }
  }
}

TEST(Walk, FollowsItsEasing) {
  const auto keys = faces(2);
  const WalkShape shape{.easing = Easing::EaseIn, .seconds_per_face = 1.0};
  EXPECT_EQ(walk_position(shape, 2, 0.5).progress, 0.25F);
  EXPECT_EQ(walk_latent(shape, keys, 0.5), slerp(keys[0], keys[1], 0.25F));
}

}  // namespace
}  // namespace facemorph
