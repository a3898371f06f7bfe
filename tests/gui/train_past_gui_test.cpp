#include "gui/train_window.hpp"

#include "runs/run_folder.hpp"
#include "videos/video.hpp"

// What a run has left behind: curves, moments, checkpoints.

namespace facemorph {
namespace {

TEST_F(TrainWindow, PlainWeightsCanBeLookedAtInsteadOfTheAverage) {
  GuiDriver gui(options());
  start(gui, folder_ / "faces");
  until_step(gui, 30);
  pause(gui);
  until_its_faces(gui);
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
  stop(gui);
  gui.drop(viewer.training.plan.out);
  gui.until([&] { return viewer.model.get()->arch.image_size == 32; }, "the newest checkpoint");
  EXPECT_THAT(viewer.model.get()->path.string(), HasSubstr("checkpoints"));
}

}  // namespace
}  // namespace facemorph
