#include "gui/train_window.hpp"

#include "base/hardware.hpp"
#include "runs/run_folder.hpp"

#include <algorithm>
#include <cmath>

// A run under way.

namespace facemorph {
namespace {

TEST_F(TrainWindow, ADroppedFolderIsLearntFrom) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  make_small(viewer);
  gui.drop(folder_ / "faces");
  ASSERT_TRUE(gui.has("training pictures")) << "a dropped folder is what to train on";
  EXPECT_EQ(viewer.training.plan.data, (folder_ / "faces").string());
  EXPECT_EQ(viewer.training.plan.out, (folder_ / "facemorph-runs/faces").string());
  gui.click("Train");
  until_its_faces(gui);
  EXPECT_EQ(viewer.editor.state.face.latent.size(), 20U)
      << "the faces follow the net's latent size";
  const Image first = gui.stage_picture();
  until_step(gui, 40);
  const RunCurves& curves = viewer.training.run().curves();
  EXPECT_GE(curves.loss_d.size(), 10U);
  EXPECT_NE(curves.loss_d.y.front(), curves.loss_d.y.back()) << "losses move";
  EXPECT_NE(curves.loss_g.y.front(), curves.loss_g.y.back());
  EXPECT_TRUE(gui.has("losses"));
  EXPECT_TRUE(gui.has("beliefs"));
  EXPECT_TRUE(gui.has("worry 2")) << "64 pictures are too few, and it says so";
  gui.until(
      [&] {
        viewer.notices.clear();
        return viewer.engine_idle() && middle_difference(first, gui.stage_picture()) > kVisible;
      },
      "the face to change as the net learns");
  stop(gui);
}

TEST_F(TrainWindow, AFaceIsMorphedWhileItsNetLearns) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  until_its_faces(gui);
  Viewer& viewer = gui.viewer();
  gui.click("tab latent");
  const Latent before = viewer.editor.state.face.latent;
  const Image still = gui.stage_picture();
  gui.drag("z3", 60);
  EXPECT_NE(viewer.editor.state.face.latent, before);
  EXPECT_TRUE(viewer.training.run().active()) << "the net goes on learning";
  gui.until([&] { return viewer.engine_idle() && difference(still, gui.stage_picture()) > 0; },
            "the picture to follow the hand");
  stop(gui);
}

TEST_F(TrainWindow, APauseSavesAndLetsTheBeginningBeSeen) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  until_step(gui, 20);
  pause(gui);
  Viewer& viewer = gui.viewer();
  const std::uint64_t held = viewer.training.run().progress().step;
  gui.wait(0.5);
  EXPECT_EQ(viewer.training.run().progress().step, held);
  EXPECT_FALSE(saved_steps(viewer.training.run().run_folder()).empty()) << "a pause saves";
  gui.until([&] { return viewer.training.past().moments().size() >= 2; }, "some moments");
  gui.drag("history", -400);  // back to the first snapshot
  gui.click("Open this moment");
  gui.until([&] { return viewer.model.get()->path.filename() == "step-00000000.safetensors"; },
            "the generator of the beginning");
  EXPECT_FALSE(viewer.training.follow) << "it stays on show";
  gui.click("Show the newest faces");
  gui.click("Continue");
  until_step(gui, held + 10);
  gui.until([&] { return viewer.model.get()->path == viewer.training.run().run_folder(); },
            "the newest faces");
  stop(gui);
}

TEST_F(TrainWindow, ARunIsNotEndedByASlipAndGoesOnLater) {
  std::uint64_t reached = 0;
  {
    GuiDriver gui(options());
    start(gui, folder_ / "faces");
    gui.key(SDLK_q, KMOD_CTRL);
    EXPECT_TRUE(gui.has("close window"));
    EXPECT_FALSE(gui.app().window_state().quit);
    gui.click("Stay");
    EXPECT_TRUE(gui.viewer().training.run().active());
    gui.click("Stop training");
    until_idle(gui);
    reached = gui.viewer().training.run().progress().step;
    EXPECT_EQ(saved_steps(gui.viewer().training.run().run_folder()).back(), reached);
  }
  GuiDriver again(options());
  again.rest();
  Viewer& viewer = again.viewer();
  viewer.training.plan.data = (folder_ / "faces").string();
  viewer.training.plan.out = (folder_ / "facemorph-runs/faces").string();
  again.click("tab train");
  again.click("Train");
  again.until([&] { return viewer.training.run().progress().step > 0; }, "the run to go on");
  EXPECT_GT(viewer.training.run().progress().step, reached) << "from where it stood";
  until_its_faces(again);
  stop(again);
}

TEST_F(TrainWindow, SingleStepsShowWhatEachNetworkDoes) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  pause(gui);
  const Training& training = gui.viewer().training.run();
  until_its_faces(gui);
  const std::uint64_t held = training.progress().step;
  const auto step_with = [&](const char* button) {
    const std::uint64_t before = training.progress().step;
    gui.click(button);
    gui.until([&] { return training.progress().step == before + 1; }, "the step");
  };
  step_with("D only");
  EXPECT_TRUE(std::isnan(training.progress().report.loss_g)) << "G was not trained";
  step_with("G only");
  EXPECT_TRUE(std::isnan(training.progress().report.loss_d));
  step_with("One step");
  EXPECT_TRUE(std::isfinite(training.progress().report.loss_d));
  EXPECT_TRUE(std::isfinite(training.progress().report.loss_g));
  gui.wait(0.5);
  EXPECT_EQ(training.progress().step, held + 3) << "and it waits again";
  EXPECT_EQ(training.state(), Training::State::Paused);
  stop(gui);
}

TEST_F(TrainWindow, GoesOnByItselfWhenThatWasAskedFor) {
  std::uint64_t reached = 0;
  {
    GuiDriver gui(options());
    start(gui, folder_ / "faces");
    until_step(gui, 10);
    gui.key(SDLK_q, KMOD_CTRL);
    gui.click("Go on next time");
    reached = gui.viewer().training.run().progress().step;
  }
  EXPECT_GE(saved_steps(folder_ / "facemorph-runs/faces").back(), reached) << "it was saved";
  {
    GuiDriver again(options());
    again.until([&] { return again.viewer().training.run().progress().step > 0; },
                "the run to go on");
    EXPECT_GT(again.viewer().training.run().progress().step, reached);
    EXPECT_GE(again.viewer().training.run().curves().loss_d.size(), 5U) << "with its curves";
    again.rest();
    stop(again);
  }
  GuiDriver third(options());
  third.rest();
  third.wait(0.5);
  EXPECT_FALSE(third.viewer().training.run().active()) << "once";
}

TEST_F(TrainWindow, TrainingYieldsToTheHandAndTakesAllWhenNobodyLooks) {
  GuiDriver gui(options());
  gui.rest();
  const Viewer& viewer = gui.viewer();
  const int cores = facemorph::cores();
  const auto pace = [&] { return viewer.training.run().pace(); };
  EXPECT_EQ(pace(), (Pace{std::max(1, cores - 1), 1}));
  gui.click("tab latent");
  gui.move(gui.rect("z3").centre());
  gui.press();
  EXPECT_LT(pace().share, 0.2) << "while the hand drags";
  gui.release();
  EXPECT_EQ(pace().share, 1);

  gui.viewer().settings.priority = Priority::View;
  gui.viewer().editor.play(true);
  gui.redraw();
  EXPECT_EQ(pace().share, 0.5) << "while a walk plays";
  SDL_Window* window = SDL_GetWindowFromID(1);
  SDL_HideWindow(window);
  gui.redraw();
  EXPECT_EQ(pace(), (Pace{cores, 1})) << "hidden";
  SDL_ShowWindow(window);
  gui.redraw();
  EXPECT_EQ(pace().share, 0.5);
  gui.viewer().settings.priority = Priority::Training;
  gui.redraw();
  EXPECT_EQ(pace(), (Pace{cores, 1}));
}

TEST_F(TrainWindow, AHiddenWindowCanBeClosed) {
  {
    GuiDriver gui(options());
    gui.rest();
    SDL_HideWindow(SDL_GetWindowFromID(1));
    gui.redraw();
    gui.send(SDL_QUIT);
    gui.until([&] { return gui.app().window_state().quit; }, "the end: there is nothing to ask");
    EXPECT_FALSE(gui.app().frame());
  }
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  SDL_Window* window = SDL_GetWindowFromID(1);
  SDL_HideWindow(window);
  gui.redraw();
  gui.send(SDL_QUIT);
  EXPECT_EQ(SDL_GetWindowFlags(window) & SDL_WINDOW_HIDDEN, 0U) << "it comes up to ask";
  EXPECT_TRUE(gui.has("close window"));
  gui.click("Stay");
  stop(gui);
}

}  // namespace
}  // namespace facemorph
