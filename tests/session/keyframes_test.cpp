#include "session/keyframes.hpp"

#include "session/morph_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

namespace facemorph {
namespace {

using testing::ElementsAre;

constexpr int kSize = 16;
const TrackTarget kTruncation{TrackKind::Truncation, {}};

/// A loop through the faces 0 … count - 1, two seconds each.
MorphState walk_of(int count, bool loop = true) {
  MorphState state;
  state.face = seed_face(99, kSize);
  state.walk.loop = loop;
  state.walking = true;
  for (int i = 0; i < count; ++i)
    append_key(state, seed_face(static_cast<std::uint64_t>(i), kSize));
  return state;
}

std::vector<double> times(const MorphState& state) {
  std::vector<double> result;
  for (const Keyframe& key : state.keys)
    result.push_back(key.time.at);
  return result;
}

std::vector<std::uint64_t> seeds(const MorphState& state) {
  std::vector<std::uint64_t> result;
  for (const Keyframe& key : state.keys)
    result.push_back(*key.face.seed);
  return result;
}

TEST(Keyframes, FacesFollowAtTheWalksPace) {
  EXPECT_THAT(times(walk_of(3)), ElementsAre(0, 2, 4));
  EXPECT_EQ(duration(walk_of(3)), 6) << "with the way back";
  EXPECT_EQ(duration(walk_of(3, false)), 4);
  EXPECT_EQ(duration(walk_of(1)), 0);
}

TEST(Keyframes, AFaceIsInsertedAtAMoment) {
  MorphState state = walk_of(3);
  EXPECT_EQ(insert_key(state, seed_face(7, kSize), 2.5), 2U);
  EXPECT_THAT(times(state), ElementsAre(0, 2, 2.5, 4));
  EXPECT_THAT(seeds(state), ElementsAre(0, 1, 7, 2));
  EXPECT_EQ(duration(state), 6) << "nothing else moves";
}

TEST(Keyframes, WhereAFaceIsAlreadyTheNextComesBehindIt) {
  MorphState state = walk_of(3);
  EXPECT_EQ(insert_key(state, seed_face(7, kSize), 2.0), 2U);
  EXPECT_THAT(times(state), ElementsAre(0, 2, 3, 4));
  EXPECT_EQ(insert_key(state, seed_face(8, kSize), 4.0), 4U);
  EXPECT_THAT(times(state), ElementsAre(0, 2, 3, 4, 6));
  EXPECT_EQ(duration(state), 8);
  MorphState empty = walk_of(0);
  for (const std::uint64_t seed : {4, 5, 6})
    insert_key(empty, seed_face(seed, kSize), empty.keys.empty() ? 0 : empty.keys.back().time.at);
  EXPECT_THAT(seeds(empty), ElementsAre(4, 5, 6));
  EXPECT_THAT(times(empty), ElementsAre(0, 2, 4));
}

TEST(Keyframes, AMovedFaceKeepsItsDistanceFromTheOthers) {
  MorphState state = walk_of(3);
  EXPECT_EQ(move_key(state, 0, 3.0), 1U);
  EXPECT_THAT(seeds(state), ElementsAre(1, 0, 2));
  EXPECT_EQ(move_key(state, 1, 4.0), 2U) << "not onto another";
  EXPECT_THAT(times(state), ElementsAre(2, 4, 4 + kLeastGap));
  EXPECT_EQ(move_key(state, 0, -3), 0U);
  EXPECT_EQ(state.keys[0].time.at, 0);
}

TEST(Keyframes, AnOpenWalkEndsWithItsLastFaceWhereverThatGoes) {
  MorphState state = walk_of(3, false);
  move_key(state, 2, 7);
  EXPECT_EQ(duration(state), 7);
  move_key(state, 2, 3);
  EXPECT_EQ(duration(state), 3);
  set_length(state, 9);
  move_key(state, 2, 4);
  EXPECT_EQ(duration(state), 9) << "longer than its faces because somebody wanted that";
}

TEST(Keyframes, HoldsAndDuplicates) {
  MorphState state = walk_of(3);
  set_hold(state, 0, 9);
  EXPECT_EQ(state.keys[0].time.hold, 2) << "no further than the next";
  set_hold(state, 2, 1.5);
  EXPECT_EQ(duration(state), 7.5) << "the way back stays as long as it was";
  EXPECT_EQ(evaluate(state, 5.2), state.keys[2].face.latent);
  EXPECT_EQ(duplicate_key(state, 1), 2U);
  EXPECT_THAT(seeds(state), ElementsAre(0, 1, 1, 2));
}

TEST(Keyframes, AnotherPaceTakesEverythingAlong) {
  MorphState state = walk_of(3);
  move_key(state, 1, 3);
  set_hold(state, 1, 0.5);
  set_track_key(state, kTruncation, {{5, 0, Easing::Smooth}, 0.5F, 0});
  MorphState slow = state;
  set_pace(slow, 4);
  EXPECT_THAT(times(slow), ElementsAre(0, 6, 8));
  for (double seconds = 0; seconds < 12; seconds += 0.37)
    EXPECT_EQ(evaluate(slow, 2 * seconds), evaluate(state, seconds));
  spread_evenly(slow);
  EXPECT_THAT(times(slow), ElementsAre(0, 4, 8));
}

TEST(Keyframes, TheLengthIsNeverLessThanTheKeysNeed) {
  MorphState state = walk_of(3);
  set_length(state, 1);
  EXPECT_EQ(duration(state), 4 + kLeastGap);
  set_track_key(state, kTruncation, {{7, 0, Easing::Smooth}, 0.5F, 0});
  EXPECT_EQ(duration(state), 7);
}

TEST(Keyframes, ConstantSpeedSpendsTheTimeWhereThePictureChanges) {
  // A picture that changes fast where the first dimension is large.
  const auto picture = [](const Latent& z) { return std::exp(2.0 * static_cast<double>(z[0])); };
  const PictureChanges changes = [&](std::span<const Latent> way) {
    std::vector<double> result;
    for (std::size_t i = 1; i < way.size(); ++i)
      result.push_back(std::abs(picture(way[i]) - picture(way[i - 1])));
    return result;
  };
  for (const bool loop : {true, false})
    for (const WalkPath path : {WalkPath::Slerp, WalkPath::Spline}) {
      MorphState state = walk_of(4, loop);
      state.walk.path = path;
      set_hold(state, 1, 0.5);
      const double length = duration(state);
      const auto speeds = [&] {
        std::vector<double> result;
        for (double seconds = 0; seconds + 0.01 < duration(state); seconds += 0.01) {
          const double change = std::abs(picture(evaluate(state, seconds + 0.01)) -
                                         picture(evaluate(state, seconds)));
          if (change > 0) result.push_back(change);
        }
        return result;
      };
      const auto unevenness = [&] {
        const std::vector<double> all = speeds();
        const double mean =
            std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
        double variance = 0;
        for (const double speed : all)
          variance += (speed - mean) * (speed - mean) / static_cast<double>(all.size());
        return std::sqrt(variance) / mean;
      };
      const double before = unevenness();
      even_out(state, changes);
      EXPECT_LT(unevenness(), 0.3 * before);
      EXPECT_NEAR(duration(state), length, 1e-9);
      EXPECT_EQ(state.keys[1].time.hold, 0.5);
      EXPECT_EQ(evaluate(state, state.keys[2].time.at), state.keys[2].face.latent);
      insert_key(state, seed_face(9, kSize), 1.0);
      for (const Keyframe& key : state.keys)
        EXPECT_TRUE(key.steps.empty()) << "they were measured for other neighbours";
    }
}

TEST(Keyframes, RemovingTheLastFaceShortensTheWalk) {
  MorphState state = walk_of(3);
  remove_key(state, 2);
  EXPECT_EQ(duration(state), 4);
  remove_key(state, 0);
  EXPECT_THAT(times(state), ElementsAre(2));
}

TEST(Keyframes, StayInOrderApartAndInsideTheWalkWhateverIsDone) {
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    MorphState state = walk_of(3, round % 2 == 0);
    for (int i = 0; i < 100; ++i) {
      const std::size_t count = state.keys.size();
      const double seconds = static_cast<double>(random() % 120) / 10;
      const Face face = seed_face(100 + random() % 9, kSize);
      std::size_t touched = 0;
      switch (random() % 5) {
        case 0:
          touched = insert_key(state, face, seconds);
          EXPECT_EQ(state.keys.at(touched).face, face);
          break;
        case 1:
          if (count > 1) remove_key(state, random() % count);
          break;
        case 2: {
          const std::size_t index = random() % count;
          const Face moved = state.keys[index].face;
          touched = move_key(state, index, seconds);
          EXPECT_EQ(state.keys.at(touched).face, moved);
          break;
        }
        case 3: {
          const std::size_t index = random() % count;
          const Face same = state.keys[index].face;
          EXPECT_EQ(state.keys.at(duplicate_key(state, index)).face, same);
          break;
        }
        default:
          set_hold(state, random() % count, seconds / 4);
      }
      for (std::size_t k = 1; k < state.keys.size(); ++k)
        ASSERT_GT(state.keys[k].time.at - state.keys[k - 1].time.at, kLeastGap - 1e-6);
      ASSERT_GE(state.walk.length, least_length(state) - 1e-9);
    }
  }
}

TEST(Tracks, ChangeTheTruncationOverTheWalk) {
  MorphState state = walk_of(2, false);
  set_track_key(state, kTruncation, {{0, 0, Easing::Linear}, 1.0F, 0});
  set_track_key(state, kTruncation, {{2, 0, Easing::Linear}, 0.0F, 0});
  EXPECT_EQ(state.tracks.size(), 1U);
  EXPECT_FLOAT_EQ(truncation_at(state, 0.5), 0.75F);
  EXPECT_EQ(evaluate(state, 0), state.keys[0].face.latent);
  EXPECT_EQ(norm(evaluate(state, 2)), 0);
  set_track_key(state, kTruncation, {{2, 0, Easing::Linear}, 0.5F, 0});
  EXPECT_EQ(state.tracks[0].keys.size(), 2U) << "the key that is there gets another value";
  state.walking = false;
  EXPECT_EQ(truncation_at(state, 2), state.truncation) << "the still face has its own";
}

TEST(Tracks, MoveAlongADirectionOnTopOfTheWalk) {
  MorphState state = walk_of(1);
  Direction smile{"smile", Latent(kSize, 0.0F)};
  smile.vector[3] = 1;
  const TrackTarget target{TrackKind::Direction, smile};
  set_track_key(state, target, {{0, 0, Easing::Linear}, 0.0F, 0});
  set_track_key(state, target, {{3, 0, Easing::Linear}, 3.0F, 0});
  EXPECT_EQ(duration(state), 3) << "one face moves as well";
  const Latent& still = state.keys[0].face.latent;
  EXPECT_FLOAT_EQ(evaluate(state, 1)[3], still[3] + 1);
  EXPECT_EQ(evaluate(state, 1)[4], still[4]);
}

TEST(Tracks, ThePadsPuckMovesByItsKeys) {
  MorphState state = walk_of(2);
  for (std::size_t i = 0; i < 4; ++i)
    state.pad.corners[i] = seed_face(20 + i, kSize);
  const TrackTarget target{TrackKind::Pad, {}};
  set_track_key(state, target, {{0, 0, Easing::Linear}, 0, 0});
  set_track_key(state, target, {{2, 0, Easing::Linear}, 1, 0});
  EXPECT_EQ(evaluate(state, 0), state.pad.corners[0].latent);
  EXPECT_EQ(evaluate(state, 2), state.pad.corners[1].latent);
  EXPECT_EQ(evaluate(state, 1), blended(state.pad, 0.5F, 0));
  remove_track_key(state, 0, 0);
  remove_track_key(state, 0, 0);
  EXPECT_TRUE(state.tracks.empty());
  EXPECT_EQ(evaluate(state, 0), state.keys[0].face.latent);
}

TEST(Tracks, LoopsCloseExactly) {
  MorphState state = walk_of(4);
  std::mt19937 random(1);
  for (int i = 0; i < 5; ++i)
    set_track_key(state, kTruncation,
                  {{static_cast<double>(random() % 80) / 10, 0, Easing::Smooth},
                   static_cast<float>(random() % 10) / 10,
                   0});
  for (const double seconds : {0.0, 0.3, 1.7, 5.0})
    EXPECT_EQ(evaluate(state, seconds + 8 * duration(state)), evaluate(state, seconds)) << seconds;
}

TEST(Tracks, EqualSessionsAreEqualAtAnyFrameRate) {
  MorphState state = walk_of(4);
  move_key(state, 2, 3.3);
  set_hold(state, 1, 0.4);
  set_track_key(state, kTruncation, {{1, 0, Easing::Smooth}, 0.3F, 0});
  set_track_key(state, kTruncation, {{4, 0, Easing::Smooth}, 1.0F, 0});
  const MorphState copy = state;
  for (int frame = 0; frame < 24 * 8; ++frame)
    EXPECT_EQ(evaluate(state, frame / 24.0), evaluate(copy, (frame * 5) / 120.0));
}

}  // namespace
}  // namespace facemorph
