#include "gui/viewer_window.hpp"

namespace facemorph {
namespace {

TEST_F(ViewerWindow, OpensTheBundledModelAndTheWalkMoves) {
  GuiDriver gui(options());
  gui.until([&] { return gui.has("stage picture"); }, "the first face");
  EXPECT_TRUE(gui.viewer().animating());
  const Image before = gui.stage_picture();
  const double time = gui.viewer().editor.state.playhead;
  gui.until([&] { return std::abs(gui.viewer().editor.state.playhead - time) > 0.7; },
            "time to pass");
  EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
}

TEST_F(ViewerWindow, ShowsExactlyWhatTheEngineMakes) {
  GuiDriver gui(options());
  gui.rest();
  for (const Filter filter :
       {Filter::Nearest, Filter::Bilinear, Filter::CatmullRom, Filter::Lanczos3}) {
    gui.viewer().settings.filter = filter;
    gui.viewer().editor.show_face(seed_face(17, gui.viewer().model.get()->arch.nz));
    gui.until_settled();
    const Image seen = gui.stage_picture();
    const Image expected =
        expected_picture(gui, seed_latent(17, gui.viewer().model.get()->arch.nz), seen);
    EXPECT_THAT(middle_difference(seen, expected), Lt(1.0))
        << "filter " << static_cast<int>(filter);
  }
}

TEST_F(ViewerWindow, DraggingASliderChangesTheFace) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 3");
  gui.until_settled();
  const Image before = gui.stage_picture();
  const float value = gui.viewer().editor.state.face.latent[5];
  gui.drag("z5", value > 0 ? -40.0F : 40.0F);
  gui.until_settled();
  EXPECT_THAT(std::abs(gui.viewer().editor.state.face.latent[5] - value), Gt(0.3F));
  EXPECT_FALSE(gui.viewer().editor.state.face.seed.has_value())
      << "an edited face is no longer its seed's";
  const Image after = gui.stage_picture();
  EXPECT_THAT(difference(before, after), Gt(0.3));
  EXPECT_THAT(
      middle_difference(after, expected_picture(gui, gui.viewer().editor.state.face.latent, after)),
      Lt(1.0));
}

TEST_F(ViewerWindow, ASliderGrabbedDuringAWalkStopsItAndTakesOver) {
  GuiDriver gui(options());
  gui.until([&] { return gui.has("z0") && gui.viewer().editor.state.playhead > 0.3; }, "the walk");
  gui.drag("z0", 20);
  EXPECT_FALSE(gui.viewer().animating());
  EXPECT_FALSE(gui.viewer().editor.state.walking);
}

TEST_F(ViewerWindow, CtrlClickTypesAValueAndDoubleClickResetsIt) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 0");
  gui.key_down(SDLK_LCTRL, KMOD_LCTRL);
  gui.click("z2");
  gui.key_up(SDLK_LCTRL);
  gui.type("1.5");
  gui.key(SDLK_RETURN);
  EXPECT_FLOAT_EQ(gui.viewer().editor.state.face.latent[2], 1.5F);
  gui.double_click("z2");
  EXPECT_FLOAT_EQ(gui.viewer().editor.state.face.latent[2], 0.0F);
}

TEST_F(ViewerWindow, LockedDimensionsSurviveRandomise) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 1");
  const Latent before = gui.viewer().editor.state.face.latent;
  gui.click("lock z4");
  gui.click("Randomise");
  const Latent after = gui.viewer().editor.state.face.latent;
  EXPECT_EQ(after[4], before[4]);
  EXPECT_NE(after[3], before[3]);
  gui.click("randomise group z0");
  EXPECT_EQ(gui.viewer().editor.state.face.latent[4], before[4]);
  EXPECT_NE(gui.viewer().editor.state.face.latent[0], after[0]);
  EXPECT_EQ(gui.viewer().editor.state.face.latent[20], after[20]) << "another group stays";
}

TEST_F(ViewerWindow, TruncationPullsTowardsTheMeanFace) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("gallery face 2");
  gui.until_settled();
  const Image full = gui.stage_picture();
  gui.drag("truncation", -200);
  gui.until_settled();
  EXPECT_THAT(gui.viewer().editor.state.truncation, Lt(0.4F));
  EXPECT_THAT(difference(full, gui.stage_picture()), Gt(kVisible));
  gui.double_click("truncation");
  gui.until_settled();
  EXPECT_EQ(gui.viewer().editor.state.truncation, 1.0F);
  EXPECT_THAT(difference(full, gui.stage_picture()), Lt(0.5));
}

TEST_F(ViewerWindow, PlayPauseAndScrub) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("play");
  EXPECT_TRUE(gui.viewer().animating());
  const double start = gui.viewer().editor.state.playhead;
  gui.until([&] { return std::abs(gui.viewer().editor.state.playhead - start) > 0.3; },
            "time to pass");
  gui.key(SDLK_SPACE);
  EXPECT_FALSE(gui.viewer().animating());
  gui.until_settled();
  const Image paused = gui.stage_picture();
  gui.drag("scrub", 150);
  gui.until_settled();
  EXPECT_THAT(difference(paused, gui.stage_picture()), Gt(kVisible));
  const Image scrubbed = gui.stage_picture();
  EXPECT_THAT(middle_difference(
                  scrubbed,
                  expected_picture(
                      gui, evaluate(gui.viewer().editor.state, gui.viewer().editor.state.playhead),
                      scrubbed)),
              Lt(1.0));
}

TEST_F(ViewerWindow, FacesOfTheGalleryJoinAndLeaveTheWalk) {
  GuiDriver gui(options());
  gui.rest();
  const std::size_t count = gui.viewer().editor.state.keys.size();
  const Rect tile = gui.rect("gallery face 6");
  gui.click_at({tile.min.x + 10, tile.min.y + 10});  // the + in its corner
  ASSERT_EQ(gui.viewer().editor.state.keys.size(), count + 1);
  EXPECT_EQ(gui.viewer().editor.state.keys.back().face.seed, 6U);
  const Rect key = gui.rect("walk face 0");
  gui.click_at({key.max.x - 10, key.min.y + 10});  // the x in its corner
  EXPECT_EQ(gui.viewer().editor.state.keys.size(), count);
}

TEST_F(ViewerWindow, JumpsToASeedAndTurnsPages) {
  GuiDriver gui(options());
  gui.rest();
  const Image first_page = gui.cut(gui.rect("gallery face 0"));
  gui.double_click("jump to seed");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type("1234");
  gui.key(SDLK_RETURN);
  gui.until_settled();
  EXPECT_EQ(gui.viewer().gallery.first, 1234U);
  EXPECT_THAT(difference(first_page, gui.cut(gui.rect("gallery face 0"))), Gt(kVisible));
  gui.click("next page");
  EXPECT_EQ(gui.viewer().gallery.first, 1234U + gui.viewer().gallery.page);
  EXPECT_GE(gui.viewer().gallery.page, 24U);
}

/// A controller that SDL believes in.
class VirtualPad {
 public:
  VirtualPad()
      : index_(SDL_JoystickAttachVirtual(SDL_JOYSTICK_TYPE_GAMECONTROLLER, SDL_CONTROLLER_AXIS_MAX,
                                         SDL_CONTROLLER_BUTTON_MAX, 0)),
        joystick_(SDL_JoystickOpen(index_)) {}
  ~VirtualPad() {
    SDL_JoystickClose(joystick_);
    SDL_JoystickDetachVirtual(index_);
  }
  VirtualPad(const VirtualPad&) = delete;
  VirtualPad& operator=(const VirtualPad&) = delete;
  bool works() const { return joystick_ != nullptr; }
  void press(GuiDriver& gui, SDL_GameControllerButton button) {
    SDL_JoystickSetVirtualButton(joystick_, button, 1);
    gui.redraw();
    SDL_JoystickSetVirtualButton(joystick_, button, 0);
    gui.redraw();
  }
  void push(SDL_GameControllerAxis axis, float share) {
    SDL_JoystickSetVirtualAxis(joystick_, axis, static_cast<Sint16>(share * 32767));
  }

 private:
  int index_;
  SDL_Joystick* joystick_;
};

TEST_F(ViewerWindow, IsPlayedWithAController) {
  // No window manager gives this window the keyboard, and with it the controllers.
  SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
  GuiDriver gui(options());
  gui.rest();
  VirtualPad pad;
  ASSERT_TRUE(pad.works()) << SDL_GetError();
  gui.redraw();
  Viewer& viewer = gui.viewer();
  pad.press(gui, SDL_CONTROLLER_BUTTON_A);
  EXPECT_TRUE(viewer.animating());
  pad.press(gui, SDL_CONTROLLER_BUTTON_A);
  EXPECT_FALSE(viewer.animating());
  viewer.editor.show_face(seed_face(3, 100));
  pad.press(gui, SDL_CONTROLLER_BUTTON_DPAD_RIGHT);
  EXPECT_EQ(viewer.editor.state.face.seed, 4U);

  const std::size_t steps = viewer.editor.history().size();
  pad.push(SDL_CONTROLLER_AXIS_LEFTX, 1);
  gui.until([&] { return viewer.editor.state.pad.x > 0.6F; }, "the puck to move");
  EXPECT_FALSE(gui.app().idle());
  pad.push(SDL_CONTROLLER_AXIS_LEFTX, 0.05F);  // sticks do not come to rest in their very middle
  gui.until([&] { return gui.app().idle(); }, "the window to come to rest");
  EXPECT_EQ(viewer.editor.state.pad.y, 0.5F);
  EXPECT_EQ(viewer.editor.state.face.latent,
            blended(viewer.editor.state.pad, viewer.editor.state.pad.x, 0.5F));
  EXPECT_EQ(viewer.editor.history().size(), steps + 1) << "one push, one step";

  viewer.editor.state.playhead = 0;  // a slow machine may have played on between the presses
  pad.push(SDL_CONTROLLER_AXIS_RIGHTX, 1);
  gui.until([&] { return viewer.editor.state.playhead > 0.2; }, "the time line to move");
  EXPECT_TRUE(viewer.editor.state.walking);
}

TEST_F(ViewerWindow, HelpWindowsOpenAndClose) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_QUESTION);
  EXPECT_TRUE(gui.has("shortcuts window"));
  gui.key(SDLK_ESCAPE);
  EXPECT_FALSE(gui.has("shortcuts window"));
  gui.click("menu Help");
  gui.click("About Facemorph");
  EXPECT_TRUE(gui.has("about window"));
  gui.key(SDLK_ESCAPE);
  gui.click("gallery face 2");
  EXPECT_EQ(gui.viewer().editor.state.face.seed, 2U) << "the window works again";
}

/// What is in the window by drawing only what changed must be what drawing all of it gives.
void expect_whole(GuiDriver& gui, const std::string& when) {
  gui.until_settled();
  gui.wait(0.6);                         // for fading to end, tooltips to come
  const Rect area{{0, 0}, {1280, 760}};  // the status bar below counts faces a second
  const Image seen = gui.cut(area);
  gui.app().redraw_all();
  EXPECT_TRUE(seen.rgba == gui.cut(area).rgba)
      << when << ": differs by " << difference(seen, gui.cut(area));
}

TEST_F(ViewerWindow, DrawingOnlyWhatChangesLeavesNothingBehind) {
  GuiDriver gui(options());
  gui.until([&] { return gui.viewer().model.get() != nullptr; }, "a model");
  gui.until([&] { return gui.viewer().editor.state.playhead > 0.3; }, "the walk to get on");
  gui.rest();
  expect_whole(gui, "after a walk");
  gui.drag("z0", 40);
  gui.until_settled();
  expect_whole(gui, "after a drag");
  gui.click("menu File");
  expect_whole(gui, "with an open menu");
  gui.key(SDLK_ESCAPE);
  expect_whole(gui, "after a menu");
  for (const char* tab : {"tab sum", "tab pad", "tab directions", "tab model", "tab train"}) {
    gui.click(tab);
    gui.until_settled();
    expect_whole(gui, tab);
  }
  gui.move(gui.rect("gallery face 5").centre());
  expect_whole(gui, "with the pointer over a face");
  gui.key(SDLK_QUESTION);
  expect_whole(gui, "with a window over it");
  gui.key(SDLK_ESCAPE);
  expect_whole(gui, "after that window");
  gui.drop(broken_file());
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the notice");
  gui.viewer().notices.clear();
  gui.until_settled();
  expect_whole(gui, "after a notice");
  gui.viewer().settings.ui_scale = 1.25;
  gui.redraw();
  expect_whole(gui, "at another scale");
}

TEST_F(ViewerWindow, LooksTheSameOnAGpu) {
  const auto picture_of = [&](bool gpu) {
    const TemporaryFolder fresh;
    GuiDriver::Options drawn = options();
    drawn.settings_path = fresh / "settings.json";
    drawn.assume_gpu = gpu;
    GuiDriver gui(drawn);
    gui.rest();
    gui.viewer().editor.show_face(seed_face(3, 100));
    gui.move({5, 400});
    gui.until_settled();
    return gui.window();
  };
  const Image ours = picture_of(false);
  const Image theirs = picture_of(true);
  ASSERT_EQ(ours.rgba.size(), theirs.rgba.size());
  EXPECT_THAT(difference(ours, theirs), Lt(0.3)) << "but for rounding in the shader, and times";
}

TEST_F(ViewerWindow, SleepsWhenNothingMoves) {
  GuiDriver gui(options());
  gui.rest();
  gui.until([&] { return gui.app().idle(); }, "the window to come to rest");
  gui.until(
      [&] {
        gui.move({5, 400});
        return gui.app().idle();
      },
      "a hand to have let the window draw all that people get to see");
  gui.viewer().editor.play(true);
  gui.redraw();
  EXPECT_FALSE(gui.app().idle());
}

class WindowSizes : public ViewerWindow,
                    public ::testing::WithParamInterface<std::pair<int, int>> {};

TEST_P(WindowSizes, EverythingIsInsideTheWindow) {
  GuiDriver::Options sized = options();
  std::tie(sized.width, sized.height) = GetParam();
  GuiDriver gui(sized);
  gui.rest();
  for (const char* name : {"stage picture", "play", "scrub", "Add", "Surprise me", "Loop", "seed",
                           "truncation", "Randomise", "gallery face 0", "gallery face 23",
                           "walk face 0", "z0", "z1", "path", "easing"}) {
    ASSERT_TRUE(gui.has(name)) << name;
    const Rect rect = gui.rect(name);
    EXPECT_GE(rect.min.x, 0) << name;
    EXPECT_LE(rect.max.x, static_cast<float>(gui.window().width)) << name;
    if (std::string(name).find("gallery") ==
        std::string::npos) {  // the gallery scrolls on small windows
      EXPECT_LE(rect.max.y, static_cast<float>(gui.window().height)) << name;
    }
  }
  EXPECT_GE(gui.rect("stage picture").height(), 300);
}
INSTANTIATE_TEST_SUITE_P(FromSmallTo4K, WindowSizes,
                         ::testing::Values(std::pair{1024, 640}, std::pair{1920, 1080},
                                           std::pair{3840, 2160}));

}  // namespace
}  // namespace facemorph
