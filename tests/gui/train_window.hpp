#pragma once

#include "gui/viewer_window.hpp"

#include "runs/drawn_set.hpp"

#include <cstdlib>

namespace facemorph {

/// Tests that train, on drawn faces.
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
    gui.until([&] { return gui.has("Train"); }, "the Train tab");
    gui.click("Train");
    gui.until([&] { return gui.viewer().training.run().progress().step > 0; }, "the first step");
  }
  /// The open model is the net that learns.
  static void until_its_faces(GuiDriver& gui) {
    gui.until([&] { return gui.viewer().model.get()->arch.image_size == 32; }, "its faces");
    gui.until_settled();
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

}  // namespace facemorph
