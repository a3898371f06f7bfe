#include "gui/viewer_window.hpp"

#include "base/hardware.hpp"
#include "runs/drawn_set.hpp"
#include "runs/run_folder.hpp"
#include "videos/video.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace facemorph {
namespace {

class TrainWindow : public ViewerWindow {
 protected:
  void SetUp() override {
    setenv("HOME", folder_.path().c_str(), 1);
    write_drawn_set(folder_ / "faces", 64, 0, 32);
  }
  /// High enough for all of the Train tab.
  GuiDriver::Options options() const {
    GuiDriver::Options options = ViewerWindow::options();
    options.height = 2100;
    return options;
  }
  /// Small enough that a step takes milliseconds.
  static void make_small(Viewer& viewer) {
    TrainConfig& config = viewer.training.plan.config;
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
    gui.until([&] { return gui.viewer().training.run().progress().step >= step; }, "some steps");
  }
  /// At the Train tab, with a small run on the drawn faces under way.
  static void start(GuiDriver& gui, const fs::path& pictures) {
    gui.rest();
    make_small(gui.viewer());
    gui.drop(pictures);
    gui.click("Train");
    gui.until([&] { return gui.viewer().training.run().progress().step > 0; }, "the first step");
  }
  /// Saved, and waiting.
  static void pause(GuiDriver& gui) {
    gui.click("Pause");
    gui.until([&] { return gui.viewer().training.run().state() == Training::State::Paused; },
              "the pause");
  }
  static void stop(GuiDriver& gui) {
    gui.viewer().training.run().stop();
    until_idle(gui);
  }
  static void until_idle(GuiDriver& gui) {
    gui.until([&] { return !gui.viewer().training.run().active(); }, "the end of the training");
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
    ASSERT_TRUE(gui.has("training pictures")) << "a dropped folder is what to train on";
    EXPECT_EQ(viewer.training.plan.data, (folder_ / "faces").string());
    EXPECT_EQ(viewer.training.plan.out, (folder_ / "facemorph-runs/faces").string());
    gui.click("Train");
    gui.until([&] { return viewer.model.get()->arch.image_size == 32; }, "the first faces");
    EXPECT_EQ(viewer.editor.state.face.latent.size(), 20U)
        << "the faces follow the net's latent size";
    gui.until_settled();
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

    gui.click("tab latent");
    const Latent before = viewer.editor.state.face.latent;
    const Image still = gui.stage_picture();
    gui.drag("z3", 60);
    EXPECT_NE(viewer.editor.state.face.latent, before);
    EXPECT_TRUE(viewer.training.run().active()) << "the net goes on learning";
    gui.until([&] { return viewer.engine_idle() && difference(still, gui.stage_picture()) > 0; },
              "the picture to follow the hand");

    gui.click("tab train");
    gui.click("Pause");
    gui.until([&] { return viewer.training.run().state() == Training::State::Paused; },
              "the pause");
    const std::uint64_t held = viewer.training.run().progress().step;
    gui.wait(0.5);
    EXPECT_EQ(viewer.training.run().progress().step, held);
    EXPECT_FALSE(saved_steps(viewer.training.run().run_folder()).empty()) << "a pause saves";
    EXPECT_GE(viewer.training.past().moments().size(), 2U);
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

    gui.key(SDLK_q, KMOD_CTRL);
    EXPECT_TRUE(gui.has("close window")) << "training is not ended by a slip";
    gui.click("Stay");
    gui.click("Stop training");
    until_idle(gui);
    reached = viewer.training.run().progress().step;
    EXPECT_EQ(saved_steps(viewer.training.run().run_folder()).back(), reached);
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
  again.until([&] { return viewer.model.get()->arch.image_size == 32; }, "its faces");
  viewer.training.run().stop();
  until_idle(again);
}

TEST_F(TrainWindow, SingleStepsShowWhatEachNetworkDoes) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  pause(gui);
  const Training& training = gui.viewer().training.run();
  gui.until([&] { return gui.viewer().model.get()->arch.image_size == 32; }, "the faces");
  gui.until_settled();
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

TEST_F(TrainWindow, PlainWeightsCanBeLookedAtInsteadOfTheAverage) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  until_step(gui, 30);
  pause(gui);
  gui.until([&] { return gui.viewer().model.get()->arch.image_size == 32; }, "the faces");
  gui.until_settled();
  const auto average = gui.viewer().training.run().sheet();
  const Image shown = gui.stage_picture();
  gui.click("shown weights");
  gui.click("shown weights: The weights as they are");
  gui.until([&] { return gui.viewer().training.run().sheet() != average; }, "the other weights");
  EXPECT_GT(difference(*average, *gui.viewer().training.run().sheet()), 0);
  gui.until(
      [&] { return gui.viewer().engine_idle() && difference(shown, gui.stage_picture()) > 0; },
      "their picture, although training waits");
  stop(gui);
}

TEST_F(TrainWindow, ThePlanShowsWhatTheNetworkWillSee) {
  std::ofstream(folder_ / "faces/images/broken.jpg") << "no picture";
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  gui.drop(folder_ / "faces");
  gui.until([&] { return viewer.training.preview().sheet() && gui.has("picture preview"); },
            "the preview");
  EXPECT_EQ(viewer.training.preview().pictures()->size(), 64U);
  ASSERT_EQ(viewer.training.preview().pictures()->skipped().size(), 1U);
  EXPECT_TRUE(gui.has("picture counts"));
  const auto seen = [&] { return gui.cut(gui.rect("picture preview")); };
  const Image cut_out = seen();
  gui.click("Cut out");
  gui.until([&] { return difference(cut_out, seen()) > kVisible; }, "pictures without squares");
  EXPECT_EQ(viewer.training.plan.config.augment.cutout, 0);
  const Image whole = seen();
  gui.click("picture preview");
  gui.until([&] { return difference(whole, seen()) > kVisible; }, "other pictures");
  gui.click("training quality");
  gui.click("training quality: Sketch, 32 pixels");
  EXPECT_EQ(viewer.training.plan.config.image_size, 32);
  gui.until(
      [&] {
        return viewer.training.preview().pictures() &&
               viewer.training.preview().pictures()->image_size() == 32;
      },
      "smaller pictures");
  viewer.training.plan.data = (folder_ / "nowhere").string();
  gui.until([&] { return gui.has("picture problem"); }, "what is wrong with them");
  EXPECT_THAT(viewer.training.preview().problem(), HasSubstr("nowhere"));
}

TEST_F(TrainWindow, EverySettingIsUnderAdvanced) {
  GuiDriver gui(options());
  gui.rest();
  TrainConfig& config = gui.viewer().training.plan.config;
  gui.click("tab train");
  gui.click("Advanced");
  gui.click("preset");
  gui.click("preset: tutorial");
  TrainConfig tutorial = preset_config("tutorial");
  EXPECT_EQ(config, tutorial);
  // Whatever config.json holds has a control, but for what the plan says itself.
  const nlohmann::ordered_json json = to_json(config);
  for (const auto& [name, value] : json.items()) {
    static const std::set<std::string> kElsewhere = {"data", "crop", "flip", "init", "device"};
    if (kElsewhere.contains(name)) continue;
    EXPECT_TRUE(gui.has(name)) << name;
  }
  gui.drag("batch", 40);
  EXPECT_GT(config.batch, tutorial.batch);
  gui.click("discriminator_norm");
  EXPECT_FALSE(config.discriminator_norm);
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

TEST_F(TrainWindow, ARunBranchesOffAnEarlierCheckpoint) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  Viewer& viewer = gui.viewer();
  pause(gui);
  gui.until([&] { return !viewer.training.past().checkpoints().empty(); }, "the checkpoint");
  const std::uint64_t step = viewer.training.past().checkpoints().back();
  const fs::path run = viewer.training.run().run_folder();
  gui.click("Continue");
  until_step(gui, step + 20);
  gui.click("Go back to");
  gui.click("Go back to: " + std::to_string(step));
  const fs::path branch = run.string() + "-from-" + std::to_string(step);
  gui.until(
      [&] {
        return viewer.training.run().run_folder() == branch &&
               viewer.training.run().progress().step > 0;
      },
      "the branch");
  EXPECT_GE(saved_steps(run).back(), step + 20) << "the run stays where it was";
  stop(gui);
  gui.until([&] { return viewer.training.runs().size() == 2; }, "both runs in the list");
  EXPECT_EQ(viewer.training.runs().front().path, branch);
  gui.click("Runs");
  gui.click("continue run 1");
  gui.until([&] { return viewer.training.run().progress().step > step + 20; },
            "the old run to go on");
  EXPECT_EQ(viewer.training.run().run_folder(), run);
  stop(gui);
}

TEST_F(TrainWindow, TwoMomentsStandSideBySideAndCanBeTakenHome) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  Viewer& viewer = gui.viewer();
  until_step(gui, 30);
  pause(gui);
  gui.until([&] { return viewer.training.past().moments().size() >= 3; }, "some moments");
  gui.click("Compare …");
  const auto side = [&](const char* name) { return gui.cut(gui.rect(name)); };
  gui.until([&] { return difference(side("left faces"), side("right faces")) > kVisible; },
            "the beginning beside the end");
  gui.drag("left moment", 600);
  gui.until([&] { return difference(side("left faces"), side("right faces")) < kVisible; },
            "the end beside itself");
  gui.click("Save strip");
  gui.until([&] { return fs::exists(folder_ / "faces-strip.png"); }, "the strip");
  gui.click("Save time-lapse");
  gui.until([&] { return fs::exists(folder_ / "faces-time-lapse.mp4"); }, "the time-lapse");
  EXPECT_EQ(VideoReader(folder_ / "faces-time-lapse.mp4").width(), 512);
  gui.click("Close");
  EXPECT_FALSE(gui.has("compare window"));
  stop(gui);
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

TEST_F(TrainWindow, AnyTextCanBeTypedAsAPath) {
  GuiDriver gui(options());
  gui.rest();
  for (const std::string& path :
       {std::string("/root/secret/faces.zip"), std::string(5000, 'x'), std::string("/"),
        std::string("\xff\xfe"), std::string(".tar.gz")})
    EXPECT_NO_THROW(gui.viewer().training.plan_for(path)) << path;
}

TEST_F(TrainWindow, CurvesCanBeLookedAtClosely) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  until_step(gui, 60);
  pause(gui);
  gui.until([&] { return gui.has("Compare …"); }, "the history");
  const auto look = [&] { return gui.cut(gui.rect("losses")); };
  gui.move({5, 5});
  const Image all = look();
  gui.wheel("losses", 4);
  gui.move({5, 5});
  EXPECT_GT(difference(all, look()), kVisible) << "zoomed in";
  gui.double_click("losses");
  gui.move({5, 5});
  EXPECT_EQ(difference(all, look()), 0) << "everything again";
  gui.drag("smoothing", 60);
  gui.move({5, 5});
  EXPECT_GT(difference(all, look()), 0) << "smoothed";
  stop(gui);
}

TEST_F(TrainWindow, WhatCannotBeTrainedOnIsExplained) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  make_small(viewer);
  fs::create_directories(folder_ / "empty");
  viewer.training.plan_for(folder_ / "empty");
  gui.click("tab train");
  gui.click("Train");
  gui.until([&] { return !viewer.notices.empty(); }, "the message");
  EXPECT_EQ(viewer.notices.back().kind, Notice::Kind::Error);
  EXPECT_THAT(viewer.notices.back().text, HasSubstr("empty"));
  EXPECT_EQ(viewer.training.run().state(), Training::State::Failed);
  gui.redraw();
  EXPECT_TRUE(gui.has("training failure")) << "the reason stays when the message is gone";
  EXPECT_FALSE(fs::exists(viewer.training.plan.out)) << "nothing is left behind";
}

TEST_F(TrainWindow, ATrainedRunOpensByItsFolder) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  make_small(viewer);
  viewer.training.plan_for(folder_ / "faces");
  viewer.training.follow = false;
  viewer.training.start();
  until_step(gui, 4);
  EXPECT_TRUE(viewer.model.bundled()) << "it was not asked to follow";
  viewer.training.run().stop();
  until_idle(gui);
  gui.drop(viewer.training.plan.out);
  gui.until([&] { return viewer.model.get()->arch.image_size == 32; }, "the newest checkpoint");
  EXPECT_THAT(viewer.model.get()->path.string(), HasSubstr("checkpoints"));
}

}  // namespace
}  // namespace facemorph
