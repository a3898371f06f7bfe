#include "session/morph_state.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

TEST(Face, OfASeedHasItsLatent) {
  const Face face = seed_face(42, 100);
  EXPECT_EQ(face.latent, seed_latent(42, 100));
  EXPECT_EQ(face.seed, 42U);
}

TEST(Face, TitleSaysTheMostItCan) {
  Face face = seed_face(42, 8);
  EXPECT_EQ(face_title(face), "seed 42");
  face.name = "Anna";
  EXPECT_EQ(face_title(face), "Anna");
  EXPECT_EQ(face_title(Face{{1.0F}, std::nullopt, ""}), "edited face");
}

class Evaluate : public testing::Test {
 protected:
  Evaluate() {
    state_.face = seed_face(1, 32);
    for (const std::uint64_t seed : {2, 3, 4})
      append_key(state_, seed_face(seed, 32));
  }
  MorphState state_;
};

TEST_F(Evaluate, ShowsTheStillFace) {
  EXPECT_EQ(evaluate(state_, 0.0), state_.face.latent);
  EXPECT_EQ(evaluate(state_, 7.3), state_.face.latent);
}

TEST_F(Evaluate, ShowsTheWalk) {
  state_.walking = true;
  const auto key = [this](std::size_t i) { return state_.keys[i].face.latent; };
  for (double seconds = -10; seconds < 10; seconds += 0.37)
    EXPECT_EQ(evaluate(state_, seconds),
              walk_latent(state_.walk, state_.keys.size(), key,
                          walk_position(state_.walk, times_of(state_.keys), seconds)));
}

TEST_F(Evaluate, ShowsTheStillFaceForAWalkWithoutFaces) {
  state_.walking = true;
  state_.keys.clear();
  EXPECT_EQ(evaluate(state_, 1.0), state_.face.latent);
}

TEST_F(Evaluate, TruncatesLast) {
  state_.truncation = 0.5F;
  EXPECT_EQ(evaluate(state_, 0.0), truncate(state_.face.latent, 0.5F));
  state_.walking = true;
  EXPECT_EQ(evaluate(state_, 0.0), truncate(state_.keys[0].face.latent, 0.5F));
}

TEST_F(Evaluate, IsPure) {
  state_.walking = true;
  const MorphState copy = state_;
  EXPECT_EQ(evaluate(state_, 1.234), evaluate(copy, 1.234));
  EXPECT_EQ(state_, copy);
}

}  // namespace
}  // namespace facemorph
