#include "gui/viewer_window.hpp"

#include <algorithm>

// What outlives a run: sessions, settings, pictures.

namespace facemorph {
namespace {

TEST_F(ViewerWindow, FavouritesAreKeptAcrossRuns) {
  {
    GuiDriver gui(options());
    gui.rest();
    const Rect tile = gui.rect("gallery face 9");
    gui.click_at({tile.max.x - 10, tile.min.y + 10});  // the star in its corner
    gui.frames(2);
    EXPECT_TRUE(gui.has("favourite 0"));
  }
  GuiDriver gui(options());
  gui.rest();
  ASSERT_TRUE(gui.has("favourite 0"));
  gui.click("favourite 0");
  EXPECT_EQ(gui.viewer().state.face.seed, 9U);
}

TEST_F(ViewerWindow, TheRecentListOutlivesTheProgram) {
  {
    GuiDriver::Options first = options();
    first.model.path = fixture("tiny-32.pth");
    GuiDriver gui(first);
    gui.rest();
  }
  GuiDriver gui(options());
  gui.rest();
  ASSERT_NE(gui.viewer().model()->name, "tiny-32");
  gui.click("menu File");
  gui.move(gui.rect("Open recent").centre());
  gui.until([&] { return gui.has("recent 0"); }, "the recent list");
  gui.click("recent 0");
  gui.until([&] { return gui.viewer().model()->name == "tiny-32"; }, "the recent model");
}

TEST_F(ViewerWindow, PanelsStayAsTheyWereLeft) {
  float wide = 0;
  {
    GuiDriver gui(options());
    gui.rest();
    const Rect before = gui.rect("stage picture");
    gui.drag("side border", -70);
    gui.frames(2);
    EXPECT_THAT(gui.rect("z1").max.x - gui.rect("z0").min.x, Gt(300));
    EXPECT_LT(gui.rect("stage picture").centre().x, before.centre().x);
    gui.drag("gallery border", 40);
    gui.click("tab pad");
    gui.frames(2);
    wide = gui.rect("pad").width();
  }
  GuiDriver again(options());
  again.rest();
  EXPECT_TRUE(again.has("pad"));
  EXPECT_NEAR(again.rect("pad").width(), wide, 1);
  again.double_click("side border");
  again.frames(2);
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
  gui.frames(2);
  EXPECT_TRUE(gui.has("close window"));
  EXPECT_FALSE(gui.app().window_state().quit);
  gui.click("Stay");
  gui.frames(2);
  EXPECT_FALSE(gui.has("close window"));
  gui.key(SDLK_q, KMOD_CTRL);
  gui.frames(2);
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
  const Face face = gui.viewer().state.face;
  const Image before = gui.stage_picture();
  gui.key(SDLK_p, KMOD_CTRL);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the picture to be saved");
  const std::string text = gui.viewer().notices.back().text;
  const fs::path picture = text.substr(0, text.find('\n'));
  gui.viewer().notices.clear();
  gui.click("gallery face 8");
  gui.drop(picture);
  gui.until([&] { return gui.viewer().state.face == face; }, "the face");
  gui.until_settled();
  EXPECT_THAT(difference(before, gui.stage_picture()), Lt(0.01));

  const fs::path other = folder_ / "holiday.png";
  write_png(other, before);
  gui.drop(other);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the refusal");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("carries no face"));
  EXPECT_EQ(gui.viewer().state.face, face);
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
    gui.frames(2);
    gui.drag_to("gallery face 2", "bin B");
    gui.drag_to("gallery face 6", "walk faces");
    gui.key(SDLK_s, KMOD_CTRL);
    gui.frames(3);
    gui.click("session path");
    gui.key(SDLK_a, KMOD_CTRL);
    gui.type((folder_ / "mine").string());
    gui.click("Save");
    gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
    EXPECT_EQ(gui.viewer().session_path(), file) << "with its extension";
    EXPECT_FALSE(gui.viewer().session_changed());
    gui.viewer().notices.clear();  // they lie on the picture
    gui.until_settled();
    saved = gui.viewer().state;
    picture = gui.stage_picture();
    gui.click("gallery face 8");
    EXPECT_TRUE(gui.viewer().session_changed());
    gui.drop(file);
    gui.until([&] { return gui.viewer().state == saved; }, "the session to come back");
  }
  GuiDriver::Options asked = options();
  asked.model.path = file;
  GuiDriver again(asked);
  again.rest();
  again.until_settled();
  EXPECT_EQ(again.viewer().state, saved);
  EXPECT_THAT(difference(picture, again.stage_picture()), Lt(0.01));
  EXPECT_FALSE(again.viewer().recoverable()) << "the window before was closed";
}

TEST_F(ViewerWindow, WhatWasLostIsOfferedAgain) {
  MorphState lost;
  {
    GuiDriver gui(options());
    gui.rest();
    gui.click("gallery face 5");
    gui.key(SDLK_a);
    lost = gui.viewer().state;
    const fs::path file = folder_ / "lost.facemorph.json";
    gui.until([&] { return fs::exists(file); }, "the session to be kept safe");
    gui.until(
        [&] {
          fs::copy_file(file, folder_ / "copy", fs::copy_options::overwrite_existing);
          return load_session(folder_ / "copy") == lost;
        },
        "the newest state to be kept safe");
  }
  EXPECT_FALSE(fs::exists(folder_ / "lost.facemorph.json")) << "closed in good order";
  fs::rename(folder_ / "copy", folder_ / "lost.facemorph.json");  // as after a crash
  GuiDriver gui(options());
  gui.rest();
  ASSERT_TRUE(gui.has("recovery window"));
  gui.click("Recover");
  gui.until([&] { return gui.viewer().state == lost; }, "the session to come back");
  EXPECT_TRUE(gui.viewer().session_changed()) << "it still has to be saved";
  gui.frames(3);
  EXPECT_FALSE(gui.has("recovery window"));
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
  gui.until([&] { return !gui.viewer().notices.empty() && gui.viewer().model(); }, "the question");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("lost.pth"));
  gui.drop(model);
  gui.until([&] { return gui.viewer().state.face == state.face; }, "the session");
  EXPECT_EQ(gui.viewer().session_path(), session);
}

}  // namespace
}  // namespace facemorph
