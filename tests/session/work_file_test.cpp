#include "session/work_file.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "session/session_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace facemorph {
namespace {

using ::testing::HasSubstr;
constexpr int kSize = 8;

MorphState walk_of(std::uint64_t seed) {
  MorphState state;
  state.model = {"/models/mine.pth", "abc"};
  state.face = seed_face(seed, kSize);
  state.face.latent[2] = 0.25F;
  state.face.seed.reset();
  append_key(state, seed_face(seed + 1, kSize));
  append_key(state, state.face);
  return state;
}

History some_history() {
  MorphState state = walk_of(1);
  History history({state, {}}, {"/home/me/walk.facemorph.json", state});
  state.truncation = 0.5F;
  history.record({state, {}});
  history.record({state, {seed_face(9, kSize)}});
  MorphState other = walk_of(20);
  other.model = {"", "def"};
  history.open({other, {seed_face(3, kSize)}}, {}, "Open other.pth");
  other.truncation = 0.7F;
  history.record({other, {seed_face(3, kSize)}});
  history.undo();
  return history;
}

TEST(WorkFile, BringsTheWholeHistoryBack) {
  const History before = some_history();
  const History after = work_from_text(work_to_text(before));
  ASSERT_EQ(after.size(), before.size());
  EXPECT_EQ(after.at(), before.at());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after.work(i), before.work(i)) << i;
    EXPECT_EQ(after.title(i), before.title(i)) << i;
    EXPECT_EQ(after.continues(i), before.continues(i)) << i;
    EXPECT_EQ(after.chapter(i).session, before.chapter(i).session) << i;
    EXPECT_EQ(after.chapter(i).saved, before.chapter(i).saved) << i;
  }
}

TEST(WorkFile, StepsThatAreNotSoundAreLeftOut) {
  std::string text = work_to_text(some_history());
  const std::size_t at = text.find("\"seed\":9");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 8, "\"seed\":-");  // no JSON any more
  EXPECT_THROW(work_from_text(text), Error);
  text.replace(at, 8, "\"sead\":9");
  const History after = work_from_text(text);
  EXPECT_EQ(after.size(), some_history().size() - 1);
  EXPECT_EQ(after.title(after.at()), "Open other.pth") << "it stands where it stood";
}

TEST(WorkFile, OpensWhatAnEarlierVersionKeptSafe) {
  const TemporaryFolder folder;
  const MorphState state = walk_of(4);
  save_session(folder / "lost.facemorph.json", state);
  const History history = load_work(folder / "lost.facemorph.json");
  EXPECT_EQ(history.work(0).state, state);
  EXPECT_TRUE(history.chapter().changed(state)) << "it is in no file of the person's";
}

TEST(WorkFile, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  for (const char* text :
       {"", "{}", "[]", "{\"format\":\"facemorph-work\",\"version\":1,\"at\":0}",
        "{\"format\":\"facemorph-work\",\"version\":1,\"at\":0,\"steps\":[]}",
        "{\"format\":\"facemorph-work\",\"version\":1,\"at\":0,\"steps\":[{},7]}",
        "{\"format\":\"facemorph-work\",\"version\":-1,\"steps\":[]}"})
    EXPECT_THROW(work_from_text(text), Error) << text;
  try {
    work_from_text(R"({"format":"facemorph-work","version":9,"at":0,"steps":[]})");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("newer"));
  }
}

}  // namespace
}  // namespace facemorph
