// Drives the real window and writes the pictures of the README and the docs: facemorph_shots DIR

#include "base/temporary_folder.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "engine/model.hpp"
#include "gui/gui_driver.hpp"

#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kShownSteps = 2500;

void shoot(GuiDriver& gui, const fs::path& path) {
  write_png(path, gui.window());
  std::printf("%s\n", path.c_str());
}

/// The walk, standing still at a moment between two faces: the same picture on every run.
void shoot_viewer(const fs::path& path) {
  const TemporaryFolder scratch;
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  for (const std::uint64_t seed : {2U, 20U, 26U, 5U})
    gui.viewer().editor.toggle_favourite(seed_face(seed, gui.viewer().model.get()->arch.nz));
  gui.viewer().editor.scrub(3.1);
  gui.move(gui.rect("stage picture").centre());
  gui.until_settled();
  shoot(gui, path);
}

void shoot_panels(const fs::path& folder) {
  const TemporaryFolder scratch;
  fs::current_path(scratch.path());  // messages name files as they were given
  std::ofstream("netG.pth")
      << "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 14321653\n";
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  gui.click("gallery face 1");
  gui.click("tab model");
  gui.move(gui.rect("stage picture").centre());
  gui.until_settled();
  shoot(gui, folder / "model.png");
  gui.key(SDLK_QUESTION);
  gui.wait(0.5);  // the background dims slowly
  shoot(gui, folder / "shortcuts.png");
  gui.key(SDLK_ESCAPE);
  gui.wait(0.5);
  gui.drop("netG.pth");
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the message");
  gui.redraw();
  shoot(gui, folder / "message.png");
}

/// What people without a mouse see: the focus, the palette, the list of keys.
void shoot_keyboard(const fs::path& folder) {
  const TemporaryFolder scratch;
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  gui.move({1, 1});
  gui.key_until("gallery face 6", SDLK_TAB);
  gui.until_settled();
  shoot(gui, folder / "focus.png");
  gui.key_until("z0", SDLK_TAB);
  gui.until_settled();
  shoot(gui, folder / "focus-slider.png");
  gui.key_until("walk face 1", SDLK_TAB);
  gui.until_settled();
  shoot(gui, folder / "focus-key.png");
  gui.key(SDLK_k, KMOD_CTRL);
  gui.wait(0.5);
  shoot(gui, folder / "palette-empty.png");
  gui.type("walk");
  shoot(gui, folder / "palette.png");
  gui.key(SDLK_ESCAPE);
  gui.wait(0.5);
  gui.key(SDLK_F10);
  shoot(gui, folder / "menu.png");
  gui.key(SDLK_ESCAPE);
  gui.key(SDLK_e, KMOD_CTRL);
  gui.wait(0.5);
  shoot(gui, folder / "export-by-keys.png");
}

/// The bundled model as a Python script saves one: tensors, and no word about how they are run.
void shoot_assumptions(const fs::path& path) {
  const TemporaryFolder scratch;
  const fs::path bare = scratch.path() / "netG.pth";
  write_checkpoint(bare, load_model(bundled_model_path())->network->tensors, {});
  GuiDriver gui({{bare, {}, {}, false}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  gui.click("gallery face 26");
  gui.click("tab model");
  gui.click("assume activation");
  gui.until_settled();
  shoot(gui, path);
}

void shoot_pad(const fs::path& path) {
  const TemporaryFolder scratch;
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  gui.click("tab pad");
  gui.until_settled();
  gui.drag("pad", 50);
  gui.until_settled();
  shoot(gui, path);
}

/// A sum of faces, the slider that was made of it, and the list of what was done.
void shoot_sum(const fs::path& folder) {
  const TemporaryFolder scratch;
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  gui.click("tab sum");
  for (const auto& [face, bin] : {std::pair("3", "A"),
                                  {"6", "A"},
                                  {"14", "A"},
                                  {"1", "B"},
                                  {"5", "B"},
                                  {"9", "B"},
                                  {"10", "C"}})
    gui.drag_to(std::string("gallery face ") + face, std::string("bin ") + bin);
  gui.until_settled();
  gui.click("sum result");
  gui.until_settled();
  shoot(gui, folder / "sum.png");
  gui.click("Slider: A − B");
  gui.click("tab directions");
  gui.until([&] { return gui.has("Find directions"); }, "the button");
  gui.click("Find directions");
  gui.until([&] { return gui.has("principal 0"); }, "the directions");
  gui.drag("principal 1", 30);
  gui.until_settled();
  shoot(gui, folder / "directions.png");
  gui.click("path");
  gui.click("path: Noise loop");
  gui.click("play");
  gui.until([&] { return gui.viewer().editor.state.playhead > 1; }, "the walk to begin");
  gui.rest();
  shoot(gui, folder / "noise-loop.png");
  gui.click("menu Edit");
  gui.move(gui.rect("History").centre());
  gui.wait(0.2);  // for it to open
  shoot(gui, folder / "history.png");
}

/// A morph being composed: a held face, a smile and a truncation that come and go, a region.
void shoot_timeline(const fs::path& path) {
  const TemporaryFolder scratch;
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  Viewer& viewer = gui.viewer();
  gui.click("tab directions");
  viewer.editor.scrub(0.5);
  gui.redraw();
  gui.click("key of named 0");
  for (const auto& [seconds, pixels] : {std::pair(3.0, 55.0F), {5.0, -35.0F}, {8.0, 25.0F}}) {
    viewer.editor.scrub(seconds);
    gui.wait(0.5);  // two drags in a moment would be a double click
    gui.drag("named 0", pixels);
  }
  viewer.editor.scrub(1);
  gui.redraw();
  gui.click("key of named 3");
  viewer.editor.scrub(6);
  gui.redraw();
  gui.drag("named 3", 60);
  viewer.editor.scrub(1.5);
  gui.key(SDLK_i);
  viewer.editor.scrub(7);
  gui.key(SDLK_o);
  gui.click("walk face 2");
  gui.drag("hold", 12);
  viewer.editor.scrub(5.5);
  gui.until_settled();
  shoot(gui, path);
}

/// A take while an export is running, and the question how to export.
void shoot_videos(const fs::path& folder) {
  const TemporaryFolder scratch;
  setenv("HOME", scratch.path().c_str(), 1);
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.settings.video.layout = Layout::Sources;
  gui.key(SDLK_e, KMOD_CTRL);
  gui.wait(0.5);
  gui.click("format");
  gui.wait(0.5);
  shoot(gui, folder / "export.png");
  gui.key(SDLK_ESCAPE);
  gui.key(SDLK_ESCAPE);
  gui.wait(0.5);
  viewer.settings.video.layout = Layout::Face;
  viewer.settings.video.loops = 5;
  gui.click("record");
  viewer.editor.play(true);
  viewer.export_video(scratch.path() / "walk.mp4");
  gui.until([&] { return viewer.recorder.progress().frames > 900; }, "the export to get on");
  shoot(gui, folder / "recording.png");
}

/// The pictures of a run before it starts, and minutes into one on drawn faces, at a small size.
void shoot_training(const fs::path& folder) {
  const TemporaryFolder scratch;
  setenv("HOME", scratch.path().c_str(), 1);
  GuiDriver gui({{}, scratch.path() / "settings.json", 1280, 800});
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.training.plan_for_drawn_faces();
  gui.app().window_state().wanted_tab = SideTab::Train;
  gui.move(gui.rect("stage picture").centre());
  gui.until([&] { return viewer.training.preview().sheet() != nullptr; }, "the pictures");
  gui.redraw();
  shoot(gui, folder / "training-plan.png");
  TrainConfig& config = viewer.training.plan.config;
  config.image_size = config.ngf = config.ndf = config.batch = 32;
  config.log_every = 2;
  viewer.training.start();
  while (viewer.training.run().progress().step < kShownSteps)
    gui.wait(0.2);
  viewer.editor.scrub(3.1);
  viewer.notices.clear();
  gui.redraw();
  shoot(gui, folder / "training.png");
  gui.wheel("Stop training", -8);
  gui.drag("smoothing", 50);
  gui.wheel("smoothing", -5);
  gui.move(gui.rect("beliefs").centre());
  shoot(gui, folder / "training-curves.png");
  gui.app().dialogs().open(DialogName::Compare);
  gui.wait(0.7);
  gui.move({1, 1});
  shoot(gui, folder / "training-compare.png");
}

struct Shot {
  const char* name;
  std::function<void(const fs::path&)> shoot;
};

/// All pictures, or those of one name.
void shoot_all(const fs::path& folder, const std::string& only) {
  const std::vector<Shot> shots = {
      {"assumptions", [](const fs::path& f) { shoot_assumptions(f / "assumptions.png"); }},
      {"viewer", [](const fs::path& f) { shoot_viewer(f / "viewer.png"); }},
      {"panels", shoot_panels},
      {"keyboard", shoot_keyboard},
      {"sum", shoot_sum},
      {"pad", [](const fs::path& f) { shoot_pad(f / "pad.png"); }},
      {"timeline", [](const fs::path& f) { shoot_timeline(f / "timeline.png"); }},
      {"videos", shoot_videos},
      {"training", shoot_training}};
  fs::create_directories(folder);
  for (const Shot& shot : shots)
    if (only.empty() || only == shot.name) shot.shoot(folder);
}

}  // namespace
}  // namespace facemorph

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: facemorph_shots DIR [NAME]\n");
    return 2;
  }
  try {
    facemorph::shoot_all(std::filesystem::absolute(argv[1]), argc == 3 ? argv[2] : "");
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "facemorph_shots: %s\n", error.what());
    return 1;
  }
}
