#include "gui/viewer_window.hpp"

// Opening a model, and what is assumed of it.

namespace facemorph {
namespace {

TEST_F(ViewerWindow, ADroppedFileReplacesTheModel) {
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().editor.show_face(seed_face(5, gui.viewer().model.get()->arch.nz));
  gui.until_settled();
  const Image before = gui.stage_picture();
  gui.drop(fixture("tiny-32.pth"));
  gui.until([&] { return gui.viewer().model.get()->name == "tiny-32"; }, "the dropped model");
  gui.until_settled();
  EXPECT_EQ(gui.viewer().model.get()->arch.image_size, 32);
  const Image after = gui.stage_picture();
  EXPECT_THAT(difference(before, after), Gt(kVisible));
  EXPECT_EQ(gui.viewer().editor.state.face.seed, 5U)
      << "the face keeps its seed, in the new model's size";
  EXPECT_THAT(gui.viewer().settings.recent.front(), HasSubstr("tiny-32.pth"));
}

TEST_F(ViewerWindow, ABrokenFileLeavesTheModelAndSaysWhy) {
  GuiDriver gui(options());
  gui.rest();
  const Image before = gui.stage_picture();
  const Image whole_before = gui.window();
  gui.drop(broken_file());
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the message");
  gui.redraw();
  EXPECT_THAT(gui.viewer().notices.back().title, HasSubstr("broken.pth"));
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr("not a checkpoint"));
  ASSERT_TRUE(gui.has("notice"));
  EXPECT_THAT(difference(whole_before, gui.window()), Gt(0.1)) << "the message is to be seen";
  gui.click("dismiss");
  EXPECT_FALSE(gui.has("notice"));
  EXPECT_THAT(difference(before, gui.stage_picture()), Lt(0.01)) << "the old model is still there";
}

TEST_F(ViewerWindow, OpensAFileThroughTheMenu) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("menu File");
  gui.click("Open…");
  ASSERT_TRUE(gui.has("open window"));
  gui.double_click("path");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type(fixture("tiny-32.pth").string());
  gui.key(SDLK_RETURN);
  gui.until([&] { return gui.viewer().model.get()->name == "tiny-32"; }, "the chosen model");
  gui.until_settled();
  EXPECT_FALSE(gui.has("open window"));
}

TEST_F(ViewerWindow, BrowsesToAFile) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_o, KMOD_CTRL);
  gui.double_click("path");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type(fixture("").string());
  gui.key(SDLK_RETURN);
  gui.until([&] { return gui.has("entry tiny-32.pth"); }, "the folder's list");
  gui.click("entry tiny-32.pth");
  gui.click("Open");
  gui.until([&] { return gui.viewer().model.get()->name == "tiny-32"; }, "the chosen model");
}

TEST_F(ViewerWindow, OffersToRecalibrateAModelWhoseStatisticsDoNotFit) {
  GuiDriver::Options broken = options();
  broken.model.path = fixture("broken-statistics.pth");
  GuiDriver gui(broken);
  gui.rest();
  gui.viewer().editor.show_face(seed_face(3, gui.viewer().model.get()->arch.nz));
  gui.until_settled();
  gui.until([&] { return gui.viewer().model.wants_recalibration() && gui.has("Recalibrate"); },
            "the offer to recalibrate");
  const Image before = gui.stage_picture();
  gui.click("Recalibrate");
  gui.until([&] { return gui.viewer().model.get()->recalibrated; }, "the recalibrated model");
  gui.until_settled();
  gui.viewer().notices.clear();
  gui.redraw();
  gui.until([&] { return gui.viewer().model.health().has_value(); }, "the result of another look");
  EXPECT_FALSE(gui.viewer().model.health()->recalibrate);
  EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
}

TEST_F(ViewerWindow, WhatIsAssumedOfAStrangersModelCanBeChangedAndIsKept) {
  GuiDriver::Options stranger = options();
  stranger.model.path = folder_ / "leaky.pth";
  fs::copy_file(fixture("../strangers/leaky-0.2.pth"), *stranger.model.path);
  const fs::path kept = folder_ / "leaky.facemorph.json";
  {
    GuiDriver gui(stranger);
    gui.rest();
    gui.click("gallery face 1");
    gui.click("tab model");
    gui.until_settled();
    const Image before = gui.stage_picture();
    EXPECT_EQ(gui.viewer().model.get()->network->assumptions.at("activation"), "leaky_relu_0.2");
    gui.click("assume activation");
    gui.click("assume activation=selu");
    gui.until([&] { return gui.viewer().model.get()->chosen.contains("activation"); },
              "the change");
    gui.until_settled();
    EXPECT_THAT(difference(before, gui.stage_picture()), Gt(kVisible));
    EXPECT_TRUE(fs::exists(kept));
  }
  GuiDriver again(stranger);
  again.rest();
  EXPECT_EQ(again.viewer().model.get()->network->assumptions.at("activation"), "selu");
  again.click("tab model");
  again.click("Forget my choices");
  again.until([&] { return again.viewer().model.get()->chosen.empty(); }, "the first reading");
  EXPECT_EQ(again.viewer().model.get()->network->assumptions.at("activation"), "leaky_relu_0.2");
  EXPECT_FALSE(fs::exists(kept));
}

TEST_F(ViewerWindow, OpensAModelOfTheLongestName) {
  GuiDriver::Options named = options();
  named.model.path = folder_ / (std::string(251, 'n') + ".pth");
  fs::copy_file(fixture("tiny-32.pth"), *named.model.path);
  GuiDriver gui(named);
  gui.rest();
  EXPECT_TRUE(gui.viewer().notices.empty());
  EXPECT_EQ(gui.viewer().model.get()->path, *named.model.path);
}

TEST_F(ViewerWindow, OpensAModelAsTheCommandLineAsksFor) {
  GuiDriver::Options asked = options();
  asked.model.path = fixture("broken-statistics.pth");
  asked.model.assumptions = {{"activation", "elu"}};
  asked.model.recalibrate = true;
  GuiDriver gui(asked);
  gui.rest();
  EXPECT_EQ(gui.viewer().model.get()->network->assumptions.at("activation"), "elu");
  EXPECT_TRUE(gui.viewer().model.get()->recalibrated);
}

}  // namespace
}  // namespace facemorph
