#include "gui/viewer_window.hpp"

#include "runs/run_folder.hpp"
#include "support/fake_zenity.hpp"

#include <tuple>

// The table of actions at the window: menus, keys, the palette, and the dialogs that stand before
// them.

namespace facemorph {
namespace {

SDL_Keymod modifiers_of(const Chord& chord) {
  return static_cast<SDL_Keymod>((chord.control ? KMOD_CTRL : 0) | (chord.shift ? KMOD_SHIFT : 0));
}

/// All of the window that a key could change.
auto whole(GuiDriver& gui) {
  const Viewer& viewer = gui.viewer();
  const WindowState& window = gui.app().window_state();
  return std::tuple(viewer.editor.state, viewer.editor.state.playhead, viewer.editor.playing,
                    viewer.gallery.first, viewer.editor.region.has_value(), viewer.editor.selected,
                    viewer.settings, viewer.notices.size(), viewer.editor.history().at(),
                    viewer.recorder.recording(), window.fullscreen, window.quit, window.wanted_tab,
                    window.menus.wanted);
}

/// Which dialogs are open.
std::vector<DialogName> open_dialogs(GuiDriver& gui) {
  std::vector<DialogName> open;
  for (const DialogName name :
       {DialogName::Open, DialogName::Save, DialogName::Export, DialogName::Pictures,
        DialogName::Compare, DialogName::Palette, DialogName::Keys, DialogName::About,
        DialogName::Close, DialogName::Saving})
    if (gui.app().dialogs().is_open(name)) open.push_back(name);
  return open;
}

class ActionsWindow : public ViewerWindow {
 protected:
  EnvironmentScope home_{"HOME", folder_.path().string()};
};

struct DialogCase {
  DialogName name;
  const char* widget;
};

class BehindDialogs : public ActionsWindow, public ::testing::WithParamInterface<DialogCase> {
 protected:
  /// A window in which every dialog has something to ask, and every key something to act on.
  void prepare(GuiDriver& gui) {
    gui.rest();
    gui.viewer().training.look_at(run_of_two_moments());
    gui.until([&] { return gui.viewer().training.past().moments().size() == 2; }, "the run");
    gui.click("walk face 1");  // for Delete and D
    gui.viewer().save_session(folder_ / "named.facemorph.json");
    gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
    gui.key(SDLK_r);  // so that there is something to ask before closing, and to undo
    gui.viewer().notices.clear();
  }

 private:
  fs::path run_of_two_moments() const {
    const RunFolder run = RunFolder::create(folder_ / "run", {});
    fs::create_directories(run.path() / "samples");
    for (const char* moment : {"step-00000000.png", "step-00000100.png"})
      write_png(run.path() / "samples" / moment, {8, 8, std::vector<std::uint8_t>(8 * 8 * 4, 200)});
    return run.path();
  }
};

TEST_P(BehindDialogs, NoKeyReachesTheWindow) {
  GuiDriver gui(options());
  prepare(gui);
  gui.app().dialogs().open(GetParam().name);
  gui.redraw();
  ASSERT_TRUE(gui.has(GetParam().widget));
  const auto before = whole(gui);
  for (const Action& action : actions())
    for (const Chord& chord : action.keys) {
      if (chord.key == SDLK_ESCAPE) continue;
      gui.key(chord.key, modifiers_of(chord));
      ASSERT_EQ(whole(gui), before) << chord_text(chord);
      ASSERT_THAT(open_dialogs(gui), ::testing::ElementsAre(GetParam().name)) << chord_text(chord);
    }
  for (const Action& action : actions()) {
    SDL_Event press{};
    press.type = SDL_CONTROLLERBUTTONDOWN;
    press.cbutton.button = static_cast<Uint8>(action.button);
    if (action.button == SDL_CONTROLLER_BUTTON_INVALID ||
        action.button == SDL_CONTROLLER_BUTTON_B || action.button == SDL_CONTROLLER_BUTTON_BACK)
      continue;  // those two close it
    gui.send(press);
    ASSERT_EQ(whole(gui), before) << pad_button_text(action.button);
  }
  gui.drop(broken_file());
  EXPECT_THAT(gui.viewer().notices.back().title, HasSubstr("was not opened"));
  gui.key(SDLK_ESCAPE);
  EXPECT_FALSE(gui.app().dialogs().any());
  EXPECT_FALSE(gui.has(GetParam().widget));
  const auto face = gui.viewer().editor.state.face;
  gui.key(SDLK_r);
  EXPECT_NE(gui.viewer().editor.state.face, face) << "the window hears keys again";
}
INSTANTIATE_TEST_SUITE_P(Every, BehindDialogs,
                         ::testing::Values(DialogCase{DialogName::Open, "open window"},
                                           DialogCase{DialogName::Save, "save window"},
                                           DialogCase{DialogName::Export, "export window"},
                                           DialogCase{DialogName::Pictures, "pictures window"},
                                           DialogCase{DialogName::Compare, "compare window"},
                                           DialogCase{DialogName::Palette, "command palette"},
                                           DialogCase{DialogName::Keys, "shortcuts window"},
                                           DialogCase{DialogName::About, "about window"},
                                           DialogCase{DialogName::Close, "close window"}));

TEST_F(ActionsWindow, EscClosesTheTopmostDialogAlone) {
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().save_session(folder_ / "named.facemorph.json");
  gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
  gui.key(SDLK_r);
  gui.key(SDLK_e, KMOD_CTRL);
  ASSERT_TRUE(gui.has("export window"));
  gui.send(SDL_QUIT);  // as the cross of the system's window
  EXPECT_TRUE(gui.has("close window"));
  EXPECT_FALSE(gui.has("export window")) << "one question at a time";
  gui.key(SDLK_ESCAPE);
  EXPECT_FALSE(gui.has("close window"));
  EXPECT_TRUE(gui.has("export window"));
  gui.key(SDLK_ESCAPE);
  EXPECT_FALSE(gui.app().dialogs().any());
  EXPECT_FALSE(gui.app().window_state().quit);
}

TEST_F(ActionsWindow, TheFirstFieldIsReadyAndEnterPressesThePrimaryButton) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_s, KMOD_CTRL);
  EXPECT_EQ(gui.focused(), "session path");
  gui.type((folder_ / "typed").string());  // in place of what was proposed
  gui.key(SDLK_RETURN);
  gui.until([&] { return !gui.viewer().session_path().empty(); }, "the session to be saved");
  EXPECT_EQ(gui.viewer().session_path(), folder_ / "typed.facemorph.json");
  EXPECT_FALSE(gui.app().dialogs().any());
}

TEST_F(ActionsWindow, ThePaletteFindsAnActionAndRunsIt) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_k, KMOD_CTRL);
  ASSERT_TRUE(gui.has("action file.open")) << "all are there at first";
  gui.type("full");
  EXPECT_FALSE(gui.has("action file.open"));
  ASSERT_TRUE(gui.has("action view.full_screen"));
  gui.key(SDLK_ESCAPE);
  EXPECT_FALSE(gui.app().window_state().fullscreen) << "Esc runs nothing";

  gui.key(SDLK_F1);
  gui.type("tab");
  gui.key(SDLK_DOWN);
  gui.key(SDLK_DOWN);
  gui.key(SDLK_RETURN);  // the third of the tabs
  EXPECT_FALSE(gui.app().dialogs().any());
  EXPECT_TRUE(gui.has("bin A"));

  gui.key(SDLK_F1);
  gui.type("about");
  gui.click("action help.about");
  EXPECT_TRUE(gui.has("about window")) << "one that opens a window itself";
}

TEST_F(ActionsWindow, ThePaletteDoesNotRunWhatCannotBeDone) {
  GuiDriver gui(options());
  gui.rest();
  ASSERT_FALSE(gui.viewer().editor.history().can_redo());
  gui.key(SDLK_k, KMOD_CTRL);
  gui.type("redo");
  gui.key(SDLK_RETURN);
  EXPECT_TRUE(gui.has("command palette"));
}

TEST_F(ActionsWindow, TheListOfKeysIsComplete) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_SLASH, KMOD_SHIFT);
  ASSERT_TRUE(gui.has("shortcuts window"));
  const Rect list = gui.rect("shortcuts window");
  EXPECT_GE(list.min.y, 0);
  EXPECT_LE(list.max.y, 800);
  for (const Action& action : actions()) {
    if (action.keys.empty() && action.button == SDL_CONTROLLER_BUTTON_INVALID) continue;
    const std::string line = std::string("key of ") + action.title;
    ASSERT_TRUE(gui.has(line)) << action.id;
    EXPECT_LE(gui.rect(line).max.x, list.max.x) << action.id;
    EXPECT_LE(gui.rect(line).max.y, list.max.y) << action.id;
  }
}

TEST_F(ActionsWindow, RedoHasTwoKeys) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 5");
  const Face face = gui.viewer().editor.state.face;
  for (const Chord& chord : action("edit.redo").keys) {
    gui.key(SDLK_z, KMOD_CTRL);
    ASSERT_NE(gui.viewer().editor.state.face, face);
    gui.key(chord.key, modifiers_of(chord));
    EXPECT_EQ(gui.viewer().editor.state.face, face) << chord_text(chord);
  }
}

}  // namespace
}  // namespace facemorph
