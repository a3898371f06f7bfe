#include "viewer/morph_editor.hpp"

#include <gtest/gtest.h>

namespace facemorph {
namespace {

constexpr int kSize = 16;
const ModelRef kModel{"", "bundled"};

class Editor : public ::testing::Test {
 protected:
  void SetUp() override { editor.begin(kModel, kSize, {}, "Begin"); }
  Notices notices;
  MorphEditor editor{notices, 1};
};

TEST_F(Editor, BeginsWithAWalkThatPlaysAndLoopsInTime) {
  EXPECT_TRUE(editor.animating());
  EXPECT_FALSE(editor.changed());
  editor.advance(0.5);
  EXPECT_DOUBLE_EQ(editor.state.playhead, 0.5);
  set_loop(editor.state, true);
  editor.advance(editor.duration());
  EXPECT_NEAR(editor.state.playhead, 0.5, 1e-9);
}

TEST_F(Editor, PlayingIsNoEditAndUndoLeavesThePlayheadAlone) {
  editor.advance(0.5);
  EXPECT_FALSE(editor.record_edits());
  editor.state.truncation = 0.5F;
  EXPECT_TRUE(editor.record_edits());
  editor.advance(0.25);
  editor.go_to_step(0, kSize);
  EXPECT_EQ(editor.state.truncation, 1.0F);
  EXPECT_DOUBLE_EQ(editor.state.playhead, 0.75);
}

TEST_F(Editor, OpeningIsUndoneWithItsFileAndPlayhead) {
  editor.advance(0.5);
  editor.add_shown_to_walk();
  editor.record_edits();
  const MorphState made = editor.state;
  MorphState other;
  other.face = seed_face(9, kSize);
  other.model = kModel;
  editor.open(other, kSize, {"/home/me/other.facemorph.json", other}, {}, "other");
  EXPECT_EQ(editor.chapter().session, "/home/me/other.facemorph.json");
  EXPECT_FALSE(editor.changed());
  EXPECT_FALSE(editor.playing);
  editor.go_to_step(editor.history().at() - 1, kSize);
  EXPECT_EQ(editor.state, made);
  EXPECT_TRUE(editor.chapter().session.empty());
}

TEST_F(Editor, AnotherModelFitsWhatItCanAndUndoBringsTheRestBack) {
  editor.set_dimension(3, 0.5F);
  append_key(editor.state,
             editor.state.face);  // no seed: means nothing to a network of another size
  editor.record_edits();
  const MorphState made = editor.state;
  editor.change_model({"/other.pth", "other"}, kSize * 2, {}, "other");
  EXPECT_EQ(editor.state.keys.size(), made.keys.size() - 1);
  for (const Keyframe& key : editor.state.keys)
    EXPECT_EQ(key.face.latent.size(), kSize * 2U);
  EXPECT_EQ(editor.locked.size(), kSize * 2U);
  editor.go_to_step(editor.history().at() - 1, kSize);
  EXPECT_EQ(editor.state, made);
  EXPECT_EQ(editor.locked.size(), static_cast<std::size_t>(kSize));
}

TEST_F(Editor, BeginningAfreshKeepsWhatWasThereForUndo) {
  editor.random_face();
  editor.record_edits();
  const MorphState made = editor.state;
  editor.begin_afresh();
  EXPECT_EQ(editor.state.keys.size(), kFirstWalkSeeds.size());
  EXPECT_TRUE(editor.animating());
  EXPECT_FALSE(editor.changed());
  editor.go_to_step(editor.history().at() - 1, kSize);
  EXPECT_EQ(editor.state, made);
}

TEST_F(Editor, SavingIsNoEdit) {
  editor.random_face();
  editor.record_edits();
  EXPECT_TRUE(editor.changed());
  const std::size_t steps = editor.history().size();
  editor.saved_as("/mine.facemorph.json", editor.state);
  EXPECT_FALSE(editor.changed());
  EXPECT_EQ(editor.history().size(), steps);
  EXPECT_TRUE(editor.take_unkept()) << "where it is saved is worth keeping";
  EXPECT_FALSE(editor.take_unkept());
}

TEST_F(Editor, ANameGoesWhereverItsFaceIs) {
  const Face face = seed_face(5, kSize);
  editor.show_face(face);
  editor.toggle_favourite(face);
  editor.add_to_walk(face);
  editor.name_face(face, "Ada");
  EXPECT_EQ(editor.favourites.front().name, "Ada");
  EXPECT_EQ(editor.state.face.name, "Ada");
  EXPECT_EQ(editor.state.keys.back().face.name, "Ada");
}

TEST_F(Editor, FavouritesKeepTheirOrder) {
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    editor.toggle_favourite(seed_face(seed, kSize));
  editor.move_favourite(3, 0);
  editor.move_favourite(1, 2);
  std::vector<std::uint64_t> seeds;
  for (const Face& face : editor.favourites)
    seeds.push_back(*face.seed);
  EXPECT_EQ(seeds, (std::vector<std::uint64_t>{3, 1, 0, 2}));
}

TEST_F(Editor, LockedDimensionsStay) {
  editor.show_face(seed_face(5, kSize));
  editor.locked[2] = true;
  editor.random_face();
  EXPECT_EQ(editor.state.face.latent[2], seed_face(5, kSize).latent[2]);
  EXPECT_NE(editor.state.face.latent[3], seed_face(5, kSize).latent[3]);
}

TEST_F(Editor, WhatIsNoFaceIsNotPasted) {
  const Face before = editor.state.face;
  editor.paste_face("a text");
  editor.paste_face(R"({"seed": 1, "nz": 7})");
  EXPECT_EQ(editor.state.face, before);
  ASSERT_FALSE(notices.empty());
  EXPECT_NE(notices.back().text.find("7 values"), std::string::npos);
}

}  // namespace
}  // namespace facemorph
