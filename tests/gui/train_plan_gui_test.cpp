#include "gui/train_window.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <string>

// Before a run: its pictures and settings.

namespace facemorph {
namespace {

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

TEST_F(TrainWindow, AnyTextCanBeTypedAsAPath) {
  GuiDriver gui(options());
  gui.rest();
  for (const std::string& path :
       {std::string("/root/secret/faces.zip"), std::string(5000, 'x'), std::string("/"),
        std::string("\xff\xfe"), std::string(".tar.gz")})
    EXPECT_NO_THROW(gui.viewer().training.plan_for(path)) << path;
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

}  // namespace
}  // namespace facemorph
