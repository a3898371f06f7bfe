#include "gui/viewer_window.hpp"

#include "support/fake_zenity.hpp"

#include <algorithm>
#include <set>

// The window without a mouse.

namespace facemorph {
namespace {

const SDL_Keymod kBoth = static_cast<SDL_Keymod>(KMOD_CTRL | KMOD_SHIFT);

class KeyboardWindow : public ViewerWindow {
 protected:
  EnvironmentScope home_{"HOME", folder_.path().string()};
};

TEST_F(KeyboardWindow, FindsAFaceKeepsItAndWalks) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  const std::size_t faces = viewer.editor.state.keys.size();
  // Find: through the gallery by Tab and arrows.
  gui.key_until("gallery face 0", SDLK_TAB);
  gui.key(SDLK_RIGHT);
  gui.key(SDLK_DOWN);
  EXPECT_EQ(gui.focused(), "gallery face 5");
  gui.key(SDLK_RETURN);
  EXPECT_EQ(viewer.editor.state.face.seed, 5U);
  // Keep: the face that has the focus, not the one on the stage.
  gui.key(SDLK_RIGHT);
  gui.key(SDLK_f);
  ASSERT_EQ(viewer.editor.favourites.size(), 1U);
  EXPECT_EQ(viewer.editor.favourites.front().seed, 6U);
  EXPECT_EQ(viewer.editor.state.face.seed, 5U);
  // Walk.
  gui.key(SDLK_a);
  ASSERT_EQ(viewer.editor.state.keys.size(), faces + 1);
  EXPECT_EQ(viewer.editor.state.keys.back().face.seed, 6U);
  gui.key_until("walk face 0", SDLK_TAB);
  gui.key(SDLK_DELETE);
  EXPECT_EQ(viewer.editor.state.keys.size(), faces);
  gui.key(SDLK_ESCAPE);
  EXPECT_EQ(gui.focused(), "");
  gui.key(SDLK_SPACE);
  EXPECT_TRUE(viewer.animating());
  gui.key(SDLK_SPACE);
  EXPECT_FALSE(viewer.animating());
}

TEST_F(KeyboardWindow, ExportsAVideo) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.settings.video.size = 64;
  viewer.settings.video.fps = 5;
  gui.key(SDLK_e, KMOD_CTRL);
  EXPECT_EQ(gui.focused(), "video path");
  const fs::path video = folder_ / "mine.gif";
  gui.key_until("format", SDLK_TAB, KMOD_SHIFT);
  gui.key(SDLK_SPACE);
  ASSERT_TRUE(gui.has("format: gif")) << "the list is open";
  gui.key(SDLK_ESCAPE);
  EXPECT_TRUE(gui.has("export window")) << "Esc has closed the list alone";
  viewer.settings.video.format = VideoFormat::Gif;
  gui.key_until("video path", SDLK_TAB);
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type(video.string());
  gui.key(SDLK_RETURN);
  EXPECT_FALSE(gui.app().dialogs().any());
  gui.until([&] { return fs::exists(video) && !viewer.recorder.exporting(); }, "the video");
}

TEST_F(KeyboardWindow, TabReachesEveryKindOfControlAndComesRound) {
  GuiDriver gui(options());
  gui.rest();
  std::set<std::string> reached;
  std::vector<std::string> order;
  gui.key(SDLK_TAB);
  const std::string first = gui.focused();
  do {
    ASSERT_NE(gui.focused(), "");
    if (reached.insert(gui.focused()).second) order.push_back(gui.focused());
    gui.key(SDLK_TAB);
  } while (gui.focused() != first && order.size() < 400);
  EXPECT_EQ(gui.focused(), first) << "it comes round";
  const std::vector<std::string> some = {
      "previous page", "jump to seed", "gallery face 0",    "gallery face 23",
      "play",          "scrub",        "walk face 0",       "walk face 4",
      "Add",           "key time",     "key easing",        "hold",
      "Duplicate",     "deselect",     "tab latent",        "tab train",
      "seed",          "truncation",   "key of truncation", "Randomise",
      "lock z0",       "z0",           "menu File",         "menu Help"};
  for (const std::string& name : some)
    EXPECT_TRUE(reached.contains(name)) << name;
  const auto place = [&](const char* name) {
    return std::ranges::find(order, name) - order.begin();
  };
  EXPECT_LT(place("gallery face 0"), place("play"));
  EXPECT_LT(place("walk face 0"), place("tab latent"));
  EXPECT_LT(place("tab latent"), place("seed"));
  EXPECT_LT(place("z0"), place("menu File"));
  gui.key(SDLK_TAB, KMOD_SHIFT);
  EXPECT_EQ(gui.focused(), order.back());
  // A key of the time line that has the focus is selected; without one there is the whole walk.
  gui.key(SDLK_ESCAPE);
  gui.key(SDLK_ESCAPE);
  for (const char* name : {"Loop", "length", "seconds per face", "easing", "path"})
    gui.key_until(name, SDLK_TAB, KMOD_SHIFT);
}

TEST_F(KeyboardWindow, PanelsAreWalkedOneByOne) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_F6);
  EXPECT_EQ(gui.focused(), "previous page");
  gui.key(SDLK_F6);
  EXPECT_EQ(gui.focused(), "play");
  gui.key(SDLK_TAB, KMOD_CTRL);
  EXPECT_EQ(gui.focused(), "tab latent");
  gui.key(SDLK_F6);
  EXPECT_EQ(gui.focused(), "menu File");
  gui.key(SDLK_F6);
  EXPECT_EQ(gui.focused(), "previous page");
  gui.key(SDLK_F6, KMOD_SHIFT);
  EXPECT_EQ(gui.focused(), "menu File");
  gui.key(SDLK_TAB, kBoth);
  EXPECT_EQ(gui.focused(), "tab latent");
}

TEST_F(KeyboardWindow, KeysBelongToTheFocusWhereThereIsOne) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.editor.show_face(seed_face(3, 100));
  gui.key(SDLK_RIGHT);
  EXPECT_EQ(viewer.editor.state.face.seed, 4U) << "nothing has the focus: the next seed";
  gui.key_until("truncation", SDLK_TAB);
  const float before = viewer.editor.state.truncation;
  gui.key(SDLK_LEFT);
  EXPECT_FLOAT_EQ(viewer.editor.state.truncation, before - 0.015F);
  gui.key(SDLK_LEFT, KMOD_SHIFT);
  EXPECT_FLOAT_EQ(viewer.editor.state.truncation, before - 0.165F);
  EXPECT_EQ(viewer.editor.state.face.seed, 4U) << "the seed stays";
  gui.key(SDLK_RETURN);
  gui.type("0.5");
  gui.key(SDLK_RETURN);
  EXPECT_FLOAT_EQ(viewer.editor.state.truncation, 0.5F) << "typed";
  gui.key(SDLK_r);
  EXPECT_NE(viewer.editor.state.face.seed, 4U) << "letters stay what they are";
  EXPECT_EQ(gui.focused(), "truncation");
  gui.click("gallery face 1");
  EXPECT_EQ(gui.focused(), "") << "a click takes the focus away";
  gui.key(SDLK_RIGHT);
  EXPECT_EQ(viewer.editor.state.face.seed, 2U);
}

TEST_F(KeyboardWindow, OneHeldArrowIsOneEdit) {
  GuiDriver gui(options());
  gui.rest();
  gui.key_until("truncation", SDLK_TAB);
  const std::size_t steps = gui.viewer().editor.history().size();
  for (int i = 0; i < 10; ++i)
    gui.key_down(SDLK_LEFT);
  gui.key_up(SDLK_LEFT);
  EXPECT_NEAR(gui.viewer().editor.state.truncation, 0.85, 1e-4);
  EXPECT_EQ(gui.viewer().editor.history().size(), steps + 1);
}

TEST_F(KeyboardWindow, TabLeavesATextField) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("face name");
  gui.type("Ada");
  gui.key(SDLK_TAB);
  EXPECT_EQ(gui.viewer().editor.shown_face().name, "Ada");
  EXPECT_EQ(gui.focused(), "truncation");
  gui.type("x");
  EXPECT_EQ(gui.viewer().editor.shown_face().name, "Ada");
  gui.key(SDLK_TAB, KMOD_SHIFT);
  EXPECT_EQ(gui.focused(), "face name");
  gui.type("Eve");
  EXPECT_EQ(gui.viewer().editor.shown_face().name, "Eve") << "its text was selected";
}

TEST_F(KeyboardWindow, ArrowsMoveAKeyOfTheTimeLine) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  gui.key_until("walk face 1", SDLK_TAB);
  const double at = viewer.editor.state.keys[1].time.at;
  gui.key(SDLK_RIGHT);
  EXPECT_NEAR(viewer.editor.state.keys[1].time.at, at + 1.0 / 30, 1e-6);
  gui.key(SDLK_LEFT, KMOD_SHIFT);
  EXPECT_NEAR(viewer.editor.state.keys[1].time.at, at - 9.0 / 30, 1e-6);
  EXPECT_EQ(gui.focused(), "walk face 1");
  const Face face = viewer.editor.state.keys[1].face;
  for (int i = 0; i < 8; ++i)  // past the one that comes after it
    gui.key(SDLK_RIGHT, KMOD_SHIFT);
  EXPECT_EQ(viewer.editor.state.keys[2].face, face);
  EXPECT_EQ(gui.focused(), "walk face 2") << "the focus goes along";
  gui.key(SDLK_d);
  EXPECT_EQ(viewer.editor.state.keys[3].face, face) << "what has the focus is selected";
}

TEST_F(KeyboardWindow, ArrowsMoveThePuckAndThePlayhead) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  gui.key(SDLK_4, KMOD_CTRL);
  gui.key_until("pad", SDLK_TAB);
  gui.key(SDLK_RIGHT);
  gui.key(SDLK_DOWN, KMOD_SHIFT);
  EXPECT_NEAR(viewer.editor.state.pad.x, 0.52, 1e-5);
  EXPECT_NEAR(viewer.editor.state.pad.y, 0.7, 1e-5);
  viewer.editor.scrub(1);
  gui.key_until("scrub", SDLK_TAB);
  gui.key(SDLK_RIGHT, KMOD_SHIFT);
  EXPECT_NEAR(viewer.editor.state.playhead, 1 + 10.0 / 30, 1e-6);
}

TEST_F(KeyboardWindow, ListsScrollToWhatHasTheFocus) {
  GuiDriver gui(options());
  gui.rest();
  gui.key_until("z0", SDLK_TAB);
  ASSERT_FALSE(gui.has("z98"));
  for (int i = 0; i < 80 && !gui.has("z98"); ++i)
    gui.key(SDLK_DOWN);
  EXPECT_TRUE(gui.has("z98")) << "the last dimensions have come into view";
}

TEST_F(KeyboardWindow, MenusOpenWithAltAndAreWalkedByArrows) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_LALT, KMOD_ALT);
  ASSERT_TRUE(gui.has("Open…"));
  gui.key(SDLK_r);
  EXPECT_TRUE(gui.has("Open…")) << "a menu keeps the keys for itself";
  gui.key(SDLK_ESCAPE);
  EXPECT_FALSE(gui.has("Open…"));
  gui.key(SDLK_F10);
  gui.key(SDLK_RIGHT);
  EXPECT_TRUE(gui.has("Undo")) << "the next menu";
  gui.key(SDLK_LEFT);
  gui.key(SDLK_DOWN);
  gui.key(SDLK_RETURN);
  EXPECT_TRUE(gui.has("open window")) << "the second of the menu: Open…";
}

TEST_F(KeyboardWindow, AMenuOpensAfterSomethingWasChosenInTheOneBefore) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_LALT, KMOD_ALT);
  gui.key(SDLK_RIGHT);
  gui.key(SDLK_DOWN);
  gui.key(SDLK_DOWN);
  gui.key(SDLK_RETURN);  // Edit › Copy face
  const MorphState before = gui.viewer().editor.state;
  for (int i = 0; i < 2; ++i) {
    gui.key(SDLK_LALT, KMOD_ALT);
    EXPECT_TRUE(gui.has("Open…")) << "the menu, and nothing in it was chosen";
    gui.key(SDLK_ESCAPE);
  }
  EXPECT_EQ(gui.viewer().editor.state, before);
}

TEST_F(KeyboardWindow, AMenuOfAFavouriteOpensWithoutAMouse) {
  GuiDriver gui(options());
  gui.rest();
  for (const char* face : {"gallery face 2", "gallery face 3"}) {
    gui.key_until(face, SDLK_TAB);
    gui.key(SDLK_f);
  }
  Viewer& viewer = gui.viewer();
  gui.key_until("favourite 1", SDLK_TAB);
  gui.key(SDLK_F10, KMOD_SHIFT);
  ASSERT_TRUE(gui.has("favourite name"));
  gui.type("Ada");
  gui.key(SDLK_RETURN);
  EXPECT_FALSE(gui.has("favourite name")) << "Enter keeps the name";
  EXPECT_EQ(viewer.editor.favourites[1].name, "Ada");
  gui.key(SDLK_APPLICATION);
  gui.key(SDLK_TAB);
  gui.key(SDLK_DOWN);
  gui.key(SDLK_RETURN);
  EXPECT_EQ(viewer.editor.favourites[0].name, "Ada") << "Move to the front";
}

TEST_F(KeyboardWindow, KeysThatAreTappedBetweenTwoFramesAreHeard) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_o, KMOD_CTRL);
  gui.until([&] { return gui.focused() == "path"; }, "the field");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type((folder_ / "abcd").string());
  fs::create_directory(folder_ / "b");
  std::ofstream(folder_ / "b" / "here.pth") << "no model";
  gui.tap({SDLK_BACKSPACE, SDLK_BACKSPACE, SDLK_LEFT, SDLK_BACKSPACE});
  gui.key(SDLK_RETURN);
  gui.until([&] { return gui.has("entry here.pth"); }, "the folder that was left of the name");
}

TEST_F(KeyboardWindow, AFileIsChosenInAList) {
  fs::create_directories(folder_ / "models");
  std::ofstream(folder_ / "models" / "one.pth") << "no model";
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_o, KMOD_CTRL);
  gui.until([&] { return gui.has("entry models"); }, "the home folder's list");
  EXPECT_EQ(gui.focused(), "path") << "ready to type";
  gui.key_until("entry models", SDLK_TAB);
  gui.key(SDLK_RETURN);
  gui.until([&] { return gui.has("entry one.pth"); }, "the folder");
  gui.key_until("entry one.pth", SDLK_TAB);
  gui.key(SDLK_RETURN);
  EXPECT_TRUE(gui.has("open window")) << "selected";
  gui.key(SDLK_RETURN);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the answer");
  EXPECT_THAT(gui.viewer().notices.back().title, HasSubstr("one.pth"));
  EXPECT_FALSE(gui.app().dialogs().any());
}

TEST_F(KeyboardWindow, TheFocusIsSeen) {
  GuiDriver gui(options());
  gui.rest();
  gui.key_until("gallery face 6", SDLK_TAB);
  Rect tile = gui.rect("gallery face 6");
  const auto accents = [&] {
    const Image seen =
        gui.cut({{tile.min.x - 5, tile.min.y - 5}, {tile.max.x + 5, tile.max.y + 5}});
    int count = 0;
    for (std::size_t i = 0; i < seen.rgba.size(); i += 4)
      if (seen.rgba[i] == 255 && seen.rgba[i + 1] == 138 && seen.rgba[i + 2] == 92) ++count;
    return count;
  };
  EXPECT_GT(accents(), 200) << "a ring around the tile";
  gui.key(SDLK_ESCAPE);
  EXPECT_EQ(accents(), 0);
}

TEST_F(KeyboardWindow, TheFocusComesBackAfterADialog) {
  GuiDriver gui(options());
  gui.rest();
  gui.key_until("gallery face 2", SDLK_TAB);
  gui.key(SDLK_QUESTION);
  EXPECT_EQ(gui.focused(), "");
  gui.key(SDLK_ESCAPE);
  EXPECT_EQ(gui.focused(), "gallery face 2");
}

TEST_F(KeyboardWindow, ArrowsMoveTheBorderOfAPanel) {
  GuiDriver gui(options());
  gui.rest();
  gui.key_until("gallery border", SDLK_TAB);
  const float before = gui.rect("gallery border").centre().x;
  gui.key(SDLK_RIGHT, KMOD_SHIFT);
  gui.until([&] { return gui.rect("gallery border").centre().x > before + 20; }, "more room");
  gui.key_until("side border", SDLK_TAB);
  const float side = gui.rect("side border").centre().x;
  gui.key(SDLK_LEFT);
  gui.until([&] { return gui.rect("side border").centre().x < side; }, "more room");
}

}  // namespace
}  // namespace facemorph
