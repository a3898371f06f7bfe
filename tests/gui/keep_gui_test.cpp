#include "gui/viewer_window.hpp"

#include "session/session_file.hpp"

#include <iterator>
#include <semaphore>

// What outlives a run: sessions, settings, pictures.

namespace facemorph {
namespace {

TEST_F(ViewerWindow, TheRecentListOutlivesTheProgram) {
  {
    GuiDriver::Options first = options();
    first.model.path = fixture("tiny-32.pth");
    GuiDriver gui(first);
    gui.rest();
  }
  GuiDriver gui(options());
  gui.rest();
  EXPECT_EQ(gui.viewer().model.get()->name, "tiny-32") << "it goes on where it was left";
  gui.viewer().open_bundled_model();
  gui.until([&] { return gui.viewer().model.bundled(); }, "another model");
  gui.until_settled();
  gui.click("menu File");
  gui.move(gui.rect("Open recent").centre());
  gui.until([&] { return gui.has("recent 0"); }, "the recent list");
  gui.click("recent 0");
  gui.until([&] { return gui.viewer().model.get()->name == "tiny-32"; }, "the recent model");
}

TEST_F(ViewerWindow, PanelsStayAsTheyWereLeft) {
  float wide = 0;
  {
    GuiDriver gui(options());
    gui.rest();
    const Rect before = gui.rect("stage picture");
    gui.drag("side border", -70);
    EXPECT_THAT(gui.rect("z1").max.x - gui.rect("z0").min.x, Gt(300));
    EXPECT_LT(gui.rect("stage picture").centre().x, before.centre().x);
    gui.drag("gallery border", 40);
    gui.click("tab pad");
    wide = gui.rect("pad").width();
  }
  GuiDriver again(options());
  again.rest();
  EXPECT_TRUE(again.has("pad"));
  EXPECT_NEAR(again.rect("pad").width(), wide, 1);
  again.double_click("side border");
  EXPECT_LT(again.rect("pad").width(), wide - 50);
}

TEST_F(ViewerWindow, AsksBeforeItClosesOnUnsavedEdits) {
  const fs::path file = folder_ / "named.facemorph.json";
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().save_session(file);
  gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
  gui.click("gallery face 5");
  gui.key(SDLK_q, KMOD_CTRL);
  EXPECT_TRUE(gui.has("close window"));
  EXPECT_FALSE(gui.app().window_state().quit);
  gui.click("Stay");
  EXPECT_FALSE(gui.has("close window"));
  gui.key(SDLK_q, KMOD_CTRL);
  gui.click("Save and close");
  gui.until([&] { return gui.app().window_state().quit; }, "the end");
  EXPECT_EQ(load_session(file).face.seed, 5U);
}

TEST_F(ViewerWindow, ASavedPictureBringsItsFaceBack) {
  setenv("HOME", folder_.path().c_str(), 1);
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  gui.drag("z3", 40);
  gui.until_settled();
  const Face face = gui.viewer().editor.state.face;
  const Image before = gui.stage_picture();
  gui.key(SDLK_p, KMOD_CTRL);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the picture to be saved");
  const std::string text = gui.viewer().notices.back().text;
  const fs::path picture = text.substr(0, text.find('\n'));
  gui.viewer().notices.clear();
  gui.click("gallery face 8");
  gui.drop(picture);
  gui.until([&] { return gui.viewer().editor.state.face == face; }, "the face");
  gui.until_settled();
  EXPECT_THAT(difference(before, gui.stage_picture()), Lt(0.01));

  const fs::path other = folder_ / "holiday.png";
  write_png(other, before);
  gui.drop(other);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the refusal");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("carries no face"));
  EXPECT_EQ(gui.viewer().editor.state.face, face);
}

TEST_F(ViewerWindow, ASessionIsSavedAndOpenedAgain) {
  const fs::path file = folder_ / "mine.facemorph.json";
  MorphState saved;
  Image picture;
  {
    GuiDriver gui(options());
    gui.rest();
    gui.click("gallery face 5");
    gui.drag("z3", 40);
    gui.click("tab sum");
    gui.drag_to("gallery face 2", "bin B");
    gui.drag_to("gallery face 6", "walk faces");
    gui.key(SDLK_s, KMOD_CTRL);
    gui.click("session path");
    gui.key(SDLK_a, KMOD_CTRL);
    gui.type((folder_ / "mine").string());
    gui.click("Save");
    gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
    EXPECT_EQ(gui.viewer().session_path(), file) << "with its extension";
    EXPECT_FALSE(gui.viewer().editor.changed());
    gui.viewer().notices.clear();  // they lie on the picture
    gui.until_settled();
    saved = gui.viewer().editor.state;
    picture = gui.stage_picture();
    gui.click("gallery face 8");
    EXPECT_TRUE(gui.viewer().editor.changed());
    gui.drop(file);
    gui.until([&] { return gui.viewer().editor.state == saved; }, "the session to come back");
  }
  GuiDriver::Options asked = options();
  asked.model.path = file;
  GuiDriver again(asked);
  again.rest();
  again.until_settled();
  EXPECT_EQ(again.viewer().editor.state, saved);
  EXPECT_THAT(difference(picture, again.stage_picture()), Lt(0.01));
}

/// A window with a walk, a sum and a name of its own.
MorphState make_something(GuiDriver& gui) {
  gui.rest();
  gui.click("gallery face 5");
  gui.drag("z3", 40);
  gui.click("tab sum");
  gui.drag_to("gallery face 2", "bin B");
  gui.key(SDLK_a);
  return gui.viewer().editor.state;
}

void close(GuiDriver& gui) {
  gui.key(SDLK_q, KMOD_CTRL);
  gui.until([&] { return gui.app().window_state().quit; }, "the end");
}

TEST_F(ViewerWindow, GoesOnWhereItWasLeft) {
  MorphState left;
  std::string step;
  {
    GuiDriver gui(options());
    left = make_something(gui);
    const History& history = gui.viewer().editor.history();
    step = history.title(history.at());
    close(gui);
  }
  GuiDriver gui(options());
  gui.rest();
  EXPECT_EQ(gui.viewer().editor.state, left);
  const History& history = gui.viewer().editor.history();
  EXPECT_EQ(history.title(history.at()), step);
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_NE(gui.viewer().editor.state, left) << "undo goes back beyond the start";
  gui.key(SDLK_n, KMOD_CTRL);
  EXPECT_EQ(gui.viewer().editor.state.keys.size(), kFirstWalkSeeds.size()) << "begins afresh";
}

TEST_F(ViewerWindow, WhatAPlugThatIsPulledLeavesIsThereAgain) {
  MorphState left;
  const TemporaryFolder later;
  {
    GuiDriver gui(options());
    left = make_something(gui);
    gui.until([&] { return gui.viewer().saver().idle(); }, "the work to be kept");
    fs::copy(folder_.path(), later.path(), fs::copy_options::recursive);  // as after kill -9
  }
  GuiDriver::Options next = options();
  next.settings_path = later / "settings.json";
  GuiDriver gui(next);
  gui.rest();
  EXPECT_EQ(gui.viewer().editor.state, left);
}

TEST_F(ViewerWindow, WhatAnEarlierVersionLostIsThereAgain) {
  MorphState lost;
  lost.face = seed_face(9, 100);
  append_key(lost, seed_face(3, 100));
  lost.model = {"", ""};
  save_session(folder_ / "lost.facemorph.json", lost);
  GuiDriver gui(options());
  gui.rest();
  EXPECT_EQ(gui.viewer().editor.state.face.seed, 9U);
  EXPECT_EQ(gui.viewer().editor.state.keys.size(), 1U);
}

TEST_F(ViewerWindow, KeptWorkThatIsDamagedIsPutAside) {
  std::ofstream(folder_ / "work.json") << "{\"format\": \"facemorph-w";
  GuiDriver gui(options());
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the message");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("work-damaged.json"));
  EXPECT_TRUE(fs::exists(folder_ / "work-damaged.json"));
}

TEST_F(ViewerWindow, DamagedSettingsArePutAsideToo) {
  const std::string torn = "{\"favourites\": {\"abc\": [{\"seed\": 7, ";
  std::ofstream(folder_ / "settings.json") << torn;
  {
    GuiDriver gui(options());
    gui.rest();
  }
  std::ifstream file(folder_ / "settings-damaged.json");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), torn);
}

/// Keeps the saver busy, as a slow disk does.
class SlowDisk : public ViewerWindow {
 protected:
  ~SlowDisk() override { disk_.release(); }
  void begin(GuiDriver& gui) {
    gui.viewer().saver().save(folder_ / "slow", [this] {
      begun_.release();
      disk_.acquire();
    });
    begun_.acquire();
  }
  std::binary_semaphore begun_{0};
  std::binary_semaphore disk_{0};
};

TEST_F(SlowDisk, AFirstSaveFollowedByQuitIsNotLost) {
  const fs::path file = folder_ / "mine.facemorph.json";
  MorphState saved;
  {
    GuiDriver gui(options());
    saved = make_something(gui);
    begin(gui);
    gui.key(SDLK_s, KMOD_CTRL);
    gui.key(SDLK_a, KMOD_CTRL);
    gui.type((folder_ / "mine").string());
    gui.click("Save");
    gui.key(SDLK_q, KMOD_CTRL);
    gui.wait(1);
    EXPECT_FALSE(gui.app().window_state().quit) << "it waits for the disk";
    EXPECT_TRUE(gui.has("saving window"));
    disk_.release();
    gui.until([&] { return gui.app().window_state().quit; }, "the end");
    disk_.release();
  }
  EXPECT_EQ(load_session(file), saved);
  GuiDriver again(options());
  again.rest();
  EXPECT_EQ(again.viewer().session_path(), file);
  EXPECT_EQ(again.viewer().editor.state, saved);
}

TEST_F(SlowDisk, OneThatDoesNotAnswerKeepsNobody) {
  GuiDriver gui(options());
  make_something(gui);
  begin(gui);
  gui.key(SDLK_q, KMOD_CTRL);
  gui.wait(2);
  EXPECT_FALSE(gui.has("Close anyway"));
  gui.wait(4);
  gui.click("Stay");
  EXPECT_FALSE(gui.has("saving window"));
  gui.key(SDLK_q, KMOD_CTRL);
  gui.wait(6);
  gui.click("Close anyway");
  EXPECT_TRUE(gui.app().window_state().quit);
}

TEST_F(SlowDisk, OldSettingsNeverWin) {
  {
    GuiDriver gui(options());
    gui.rest();
    begin(gui);
    gui.click("gallery face 5");
    gui.key(SDLK_f);
    gui.click("gallery face 6");
    gui.key(SDLK_f);
    disk_.release();
  }
  disk_.release();
  const Settings settings = load_settings(folder_ / "settings.json");
  ASSERT_EQ(settings.favourites.size(), 1U);
  EXPECT_EQ(settings.favourites.begin()->second.faces.size(), 2U);
}

TEST_F(ViewerWindow, OpeningSomethingElseIsAStepThatUndoTakesBack) {
  const fs::path session = folder_ / "other.facemorph.json";
  MorphState other;
  other.face = seed_face(77, 100);
  append_key(other, other.face);
  save_session(session, other);
  GuiDriver gui(options());
  const MorphState made = make_something(gui);
  const auto now = [&]() -> const MorphState& { return gui.viewer().editor.state; };

  gui.drop(session);
  gui.until([&] { return now().face.seed == 77U; }, "the session");
  EXPECT_EQ(gui.viewer().session_path(), session);
  gui.key(SDLK_z, KMOD_CTRL);
  EXPECT_EQ(now(), made);
  EXPECT_TRUE(gui.viewer().session_path().empty()) << "Ctrl+S must not write into the other's file";

  gui.drop(fixture("tiny-32.pth"));
  gui.until([&] { return gui.viewer().model.get()->name == "tiny-32"; }, "the model");
  gui.until_settled();
  EXPECT_NE(now().face.latent.size(), made.face.latent.size());
  gui.key(SDLK_z, KMOD_CTRL);
  gui.until([&] { return now().keys == made.keys; }, "the walk of the other model");
  EXPECT_EQ(now(), made);
  EXPECT_TRUE(gui.viewer().model.bundled());
  gui.key(SDLK_z, static_cast<SDL_Keymod>(KMOD_CTRL | KMOD_SHIFT));
  gui.until([&] { return gui.viewer().model.get()->name == "tiny-32"; }, "the model again");
}

TEST_F(ViewerWindow, AnArgumentIsOpenedOnTopOfWhatWasLeft) {
  MorphState left;
  {
    GuiDriver gui(options());
    left = make_something(gui);
    close(gui);
  }
  GuiDriver::Options asked = options();
  asked.model.path = fixture("tiny-32.pth");
  GuiDriver gui(asked);
  gui.rest();
  EXPECT_EQ(gui.viewer().model.get()->name, "tiny-32");
  gui.key(SDLK_z, KMOD_CTRL);
  gui.until([&] { return gui.viewer().editor.state == left; }, "what was left");
}

TEST_F(ViewerWindow, ASessionWhoseModelIsGoneWaitsForIt) {
  const fs::path model = folder_ / "mine.pth";
  fs::copy_file(fixture("tiny-32.pth"), model);
  const fs::path session = folder_ / "walk.facemorph.json";
  MorphState state;
  state.model = {"/nowhere/lost.pth", "0"};
  state.face = seed_face(7, load_model(model)->arch.nz);
  append_key(state, state.face);
  save_session(session, state);
  GuiDriver::Options asked = options();
  asked.model.path = session;
  GuiDriver gui(asked);
  gui.until([&] { return !gui.viewer().notices.empty() && gui.viewer().model.get(); },
            "the question");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("lost.pth"));
  gui.drop(model);
  gui.until([&] { return gui.viewer().editor.state.face == state.face; }, "the session");
  EXPECT_EQ(gui.viewer().session_path(), session);
}

}  // namespace
}  // namespace facemorph
