#include "gui/viewer_window.hpp"

#include "train/drawn_set.hpp"
#include "train/run_folder.hpp"

namespace facemorph {
namespace {

class TrainWindow : public ViewerWindow {
 protected:
  void SetUp() override {
    setenv("HOME", folder_.path().c_str(), 1);
    write_drawn_set(folder_ / "faces", 64, 0, 32);
  }
  /// Small enough that a step takes milliseconds.
  static void make_small(Viewer& viewer) {
    TrainConfig& config = viewer.training_plan.config;
    config.image_size = 32;
    config.nz = 20;
    config.ngf = 8;
    config.ndf = 8;
    config.batch = 8;
    config.ema_batches = 1;
    config.log_every = 2;
    config.samples_every = 50;
    config.score_pictures = 0;
    config.threads = 1;
  }
  static void until_step(GuiDriver& gui, std::uint64_t step) {
    gui.until([&] { return gui.viewer().training().progress().step >= step; }, "some steps");
  }
  static void until_idle(GuiDriver& gui) {
    gui.until([&] { return !gui.viewer().training().active(); }, "the end of the training");
  }
};

TEST_F(TrainWindow, ANetIsMorphedWhileItLearnsAndGoesOnLater) {
  std::uint64_t reached = 0;
  {
    GuiDriver gui(options());
    gui.rest();
    Viewer& viewer = gui.viewer();
    make_small(viewer);
    gui.drop(folder_ / "faces");
    gui.frames(3);
    ASSERT_TRUE(gui.has("training pictures")) << "a dropped folder is what to train on";
    EXPECT_EQ(viewer.training_plan.data, (folder_ / "faces").string());
    EXPECT_EQ(viewer.training_plan.out, (folder_ / "facemorph-runs/faces").string());
    gui.click("Train");
    gui.until([&] { return viewer.model()->arch.image_size == 32; }, "the first faces");
    EXPECT_EQ(viewer.state.face.latent.size(), 20U) << "the faces follow the net's latent size";
    gui.until_settled();
    const Image first = gui.stage_picture();

    until_step(gui, 40);
    EXPECT_GE(viewer.training().reports().size(), 10U);
    EXPECT_TRUE(gui.has("losses"));
    EXPECT_TRUE(gui.has("beliefs"));
    gui.until(
        [&] {
          viewer.notices.clear();
          return viewer.engine_idle() && middle_difference(first, gui.stage_picture()) > kVisible;
        },
        "the face to change as the net learns");

    gui.click("tab latent");
    gui.frames(2);
    const Latent before = viewer.state.face.latent;
    gui.drag("z3", 60);
    EXPECT_NE(viewer.state.face.latent, before);
    EXPECT_TRUE(viewer.training().active()) << "the net goes on learning";

    gui.click("tab train");
    gui.frames(2);
    gui.click("Pause");
    gui.until([&] { return viewer.training().state() == Training::State::Paused; }, "the pause");
    const std::uint64_t held = viewer.training().progress().step;
    gui.frames(20);
    EXPECT_EQ(viewer.training().progress().step, held);
    EXPECT_FALSE(saved_steps(viewer.training().run_folder()).empty()) << "a pause saves";
    gui.click("Continue");
    until_step(gui, held + 10);

    gui.key(SDLK_q, KMOD_CTRL);
    gui.frames(2);
    EXPECT_TRUE(gui.has("close window")) << "training is not ended by a slip";
    gui.click("Stay");
    gui.frames(2);
    gui.click("Stop training");
    until_idle(gui);
    reached = viewer.training().progress().step;
    EXPECT_EQ(saved_steps(viewer.training().run_folder()).back(), reached);
  }
  GuiDriver again(options());
  again.rest();
  Viewer& viewer = again.viewer();
  viewer.training_plan.data = (folder_ / "faces").string();
  viewer.training_plan.out = (folder_ / "facemorph-runs/faces").string();
  again.click("tab train");
  again.frames(2);
  again.click("Train");
  again.until([&] { return viewer.training().progress().step > 0; }, "the run to go on");
  EXPECT_GT(viewer.training().progress().step, reached) << "from where it stood";
  again.until([&] { return viewer.model()->arch.image_size == 32; }, "its faces");
  viewer.training().stop();
  until_idle(again);
}

TEST_F(TrainWindow, WhatCannotBeTrainedOnIsExplained) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  make_small(viewer);
  fs::create_directories(folder_ / "empty");
  viewer.plan_training(folder_ / "empty");
  gui.click("tab train");
  gui.frames(2);
  gui.click("Train");
  gui.until([&] { return !viewer.notices.empty(); }, "the message");
  EXPECT_EQ(viewer.notices.back().kind, Notice::Kind::Error);
  EXPECT_THAT(viewer.notices.back().text, HasSubstr("empty"));
  EXPECT_FALSE(viewer.training().active());
  EXPECT_FALSE(fs::exists(viewer.training_plan.out)) << "nothing is left behind";
}

TEST_F(TrainWindow, ATrainedRunOpensByItsFolder) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  make_small(viewer);
  viewer.plan_training(folder_ / "faces");
  viewer.follow_training = false;
  viewer.start_training();
  until_step(gui, 4);
  EXPECT_TRUE(viewer.model_is_bundled()) << "it was not asked to follow";
  viewer.training().stop();
  until_idle(gui);
  gui.drop(viewer.training_plan.out);
  gui.until([&] { return viewer.model()->arch.image_size == 32; }, "the newest checkpoint");
  EXPECT_THAT(viewer.model()->path.string(), HasSubstr("checkpoints"));
}

}  // namespace
}  // namespace facemorph
