#include "session/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace facemorph {
namespace {

constexpr int kSize = 8;

Work work(const MorphState& state) {
  return {state, {}};
}

MorphState first_state() {
  MorphState state;
  state.face = seed_face(1, kSize);
  append_key(state, seed_face(2, kSize));
  append_key(state, seed_face(3, kSize));
  return state;
}

/// One edit of every kind that the window has.
void edit_somehow(MorphState& state, std::mt19937& random) {
  const Face face = seed_face(random() % 1000, kSize);
  switch (random() % 19) {
    case 0:
      state.face = face;
      break;
    case 1:
      state.face.latent[random() % kSize] += 0.5F;
      state.face.seed.reset();
      break;
    case 2:
      append_key(state, face);
      break;
    case 3:
      if (!state.keys.empty()) remove_key(state, random() % state.keys.size());
      break;
    case 4:
      if (!state.keys.empty())
        move_key(state, random() % state.keys.size(), static_cast<double>(random() % 100) / 10);
      break;
    case 5:
      state.truncation = static_cast<float>(random() % 150) / 100.0F;
      break;
    case 6:
      set_loop(state, !state.walk.loop);
      break;
    case 7:
      state.sum.terms[random() % state.sum.terms.size()].faces.push_back(face);
      break;
    case 8:
      state.sum.terms.push_back({0.5F, {face}});
      break;
    case 9:
      state.directions.push_back({"smile", face.latent});
      break;
    case 10:
      state.pad.x = static_cast<float>(random() % 100) / 100.0F;
      break;
    case 11:
      state.pad.corners[random() % 4] = face;
      break;
    case 12:
      insert_key(state, face, static_cast<double>(random() % 100) / 10);
      break;
    case 13:
      if (!state.keys.empty())
        set_hold(state, random() % state.keys.size(), static_cast<double>(random() % 30) / 10);
      break;
    case 14:
      set_pace(state, 0.5 + static_cast<double>(random() % 30) / 10);
      break;
    case 15:
      spread_evenly(state);
      break;
    case 16:
      set_track_key(state, {TrackKind::Truncation, {}},
                    {{static_cast<double>(random() % 50) / 10, 0, Easing::Smooth}, 0.5F, 0});
      break;
    case 17:
      if (!state.tracks.empty()) remove_track_key(state, 0, 0);
      break;
    default:
      state.walking = !state.walking;
  }
}

TEST(History, UndoesAnySequenceOfEditsExactlyAndRedoesIt) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    MorphState state = first_state();
    History history(work(state));
    std::vector<MorphState> states = {state};
    for (int i = 0; i < 200; ++i) {
      edit_somehow(state, random);
      if (history.record(work(state)))
        states.push_back(state);
      else
        states.back() = state;  // what plays is no edit, but comes back with the step
    }
    for (std::size_t i = states.size() - 1; i-- > 0;)
      ASSERT_EQ(history.undo().state, states[i]) << "seed " << seed << ", step " << i;
    EXPECT_FALSE(history.can_undo());
    for (std::size_t i = 1; i < states.size(); ++i)
      ASSERT_EQ(history.redo().state, states[i]) << "seed " << seed << ", step " << i;
    EXPECT_FALSE(history.can_redo());
  }
}

TEST(History, PlayingIsNoEdit) {
  MorphState state = first_state();
  History history(work(state));
  state.walking = true;
  EXPECT_FALSE(history.record(work(state)));
  EXPECT_FALSE(history.can_undo());
}

TEST(History, ANewEditForgetsWhatWasUndone) {
  MorphState state = first_state();
  History history(work(state));
  state.truncation = 0.5F;
  history.record(work(state));
  state = history.undo().state;
  state.truncation = 0.7F;
  history.record(work(state));
  EXPECT_FALSE(history.can_redo());
  EXPECT_EQ(history.size(), 2U);
  EXPECT_EQ(history.undo().state.truncation, 1.0F);
}

TEST(History, OpeningSomethingElseIsAStepThatUndoTakesBack) {
  MorphState state = first_state();
  state.model = {"mine.pth", "1"};
  History history(work(state), {"walk.facemorph.json", state});
  state.truncation = 0.5F;
  history.record(work(state));
  EXPECT_TRUE(history.chapter().changed(state));
  MorphState other = first_state();
  other.model = {"other.pth", "2"};
  history.open(work(other), {"other.facemorph.json", other}, "Open other");
  EXPECT_EQ(history.title(history.at()), "Open other");
  EXPECT_FALSE(history.continues(history.at()));
  EXPECT_EQ(history.chapter().session, "other.facemorph.json");
  EXPECT_EQ(history.undo().state, state);
  EXPECT_EQ(history.model(history.at()).path, "mine.pth");
  EXPECT_EQ(history.chapter().session, "walk.facemorph.json");
  EXPECT_TRUE(history.chapter().changed(state)) << "it still has to be saved";
  EXPECT_EQ(history.redo().state, other);
}

TEST(History, SavingIsNoEditAndHoldsForTheWholeChapter) {
  MorphState state = first_state();
  const MorphState begun = state;
  History history(work(state));
  state.truncation = 0.5F;
  history.record(work(state));
  history.set_chapter({"mine.facemorph.json", state});
  EXPECT_EQ(history.size(), 2U);
  EXPECT_EQ(history.undo().state, begun);
  EXPECT_EQ(history.chapter().session, "mine.facemorph.json") << "undo does not unsave";
  EXPECT_TRUE(history.chapter().changed(begun));
}

TEST(History, FavouritesBelongToIt) {
  const MorphState state = first_state();
  History history({state, {seed_face(1, kSize), seed_face(2, kSize)}});
  EXPECT_TRUE(history.record({state, {seed_face(1, kSize)}}));
  EXPECT_EQ(history.title(1), "Remove a favourite");
  EXPECT_TRUE(history.record({state, {seed_face(1, kSize), seed_face(5, kSize)}}));
  EXPECT_EQ(history.title(2), "Keep seed 5");
  EXPECT_TRUE(history.record({state, {seed_face(5, kSize), seed_face(1, kSize)}}));
  EXPECT_EQ(history.title(3), "Another order of the favourites");
  EXPECT_EQ(history.go_to(0).favourites.size(), 2U);
}

TEST(History, KeepsTheLastStepsAndTheEndOfEveryChapter) {
  MorphState state = first_state();
  History history(work(state));
  const auto edit = [&](int times) {
    for (int i = 0; i < times; ++i) {
      state.truncation += 0.001F;
      history.record(work(state));
    }
  };
  edit(30);
  const MorphState end_of_first = state;
  history.open(work(state), {"b", {}}, "Open b");
  edit(30);
  const MorphState last = state;
  History recent = history.recent(10);
  EXPECT_EQ(recent.size(), 11U);
  EXPECT_EQ(recent.at(), 10U);
  EXPECT_EQ(recent.work(0).state, end_of_first);
  EXPECT_FALSE(recent.continues(1));
  EXPECT_EQ(recent.work(10).state, last);
  recent.set_chapter({"c", {}});
  EXPECT_EQ(history.chapter().session, "b");
}

TEST(History, RemembersThousandsOfStepsAndNoMore) {
  MorphState state = first_state();
  History history(work(state));
  for (int i = 0; i < 5000; ++i) {
    state.face = seed_face(static_cast<std::uint64_t>(i) + 10, kSize);
    history.record(work(state));
  }
  EXPECT_EQ(history.size(), History::kMostSteps + 1);
  int undone = 0;
  for (; history.can_undo(); ++undone)
    state = history.undo().state;
  EXPECT_GE(undone, 1000);
  EXPECT_EQ(state.face, seed_face(5009 - History::kMostSteps, kSize));
}

TEST(History, JumpsToAnyStep) {
  MorphState state = first_state();
  History history(work(state));
  for (const float truncation : {0.2F, 0.4F, 0.6F}) {
    state.truncation = truncation;
    history.record(work(state));
  }
  EXPECT_EQ(history.go_to(1).state.truncation, 0.2F);
  EXPECT_EQ(history.redo().state.truncation, 0.4F);
  EXPECT_TRUE(history.can_redo());
}

TEST(EditTitle, SaysWhatWasDone) {
  const MorphState before = first_state();
  MorphState after = before;
  EXPECT_EQ(edit_title(before, after), "");
  after.face = seed_face(42, kSize);
  EXPECT_EQ(edit_title(before, after), "Show seed 42");
  after = before;
  after.face.latent[5] = 1;
  after.face.seed.reset();
  EXPECT_EQ(edit_title(before, after), "Dimension 5");
  after = before;
  after.truncation = 0.7F;
  EXPECT_EQ(edit_title(before, after), "Truncation 0.70");
  after = before;
  after.sum.terms[1].faces.push_back(seed_face(4, kSize));
  EXPECT_EQ(edit_title(before, after), "Add a face to B");
  after = before;
  std::swap(after.keys[0].face, after.keys[1].face);
  EXPECT_EQ(edit_title(before, after), "Another order of the walk");
  after = before;
  after.keys[1].face.name = "Ada";
  EXPECT_EQ(edit_title(before, after), "Name: Ada");
  after = before;
  move_key(after, 1, 3.5);
  EXPECT_EQ(edit_title(before, after), "Move a face of the walk");
  after = before;
  set_hold(after, 1, 1.5);
  EXPECT_EQ(edit_title(before, after), "Hold 1.5 s");
  after = before;
  set_pace(after, 3);
  EXPECT_EQ(edit_title(before, after), "3.0 s per face");
  after = before;
  set_length(after, 9);
  EXPECT_EQ(edit_title(before, after), "Length 9.0 s");
  after = before;
  set_track_key(after, {TrackKind::Truncation, {}}, {{1, 0, Easing::Smooth}, 0.5F, 0});
  EXPECT_EQ(edit_title(before, after), "Key of Truncation");
  EXPECT_EQ(edit_title(after, before), "Remove a track");
}

}  // namespace
}  // namespace facemorph
