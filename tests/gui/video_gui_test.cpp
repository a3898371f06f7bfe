#include "gui/viewer_window.hpp"

#include "record/export.hpp"
#include "session/session_file.hpp"

#include <algorithm>

namespace facemorph {
namespace {

std::vector<Image> frames_of(const fs::path& path) {
  VideoReader reader(path);
  std::vector<Image> frames;
  while (auto frame = reader.next())
    frames.push_back(std::move(*frame));
  return frames;
}

class VideoWindow : public ViewerWindow {
 protected:
  void SetUp() override { setenv("HOME", folder_.path().c_str(), 1); }

  void export_to(GuiDriver& gui, const fs::path& path) {
    gui.redraw();
    gui.click("video path");
    gui.key(SDLK_a, KMOD_CTRL);
    gui.type(path.string());
    gui.click("Export");
  }
  /// Waits for the message that ends an export or a take.
  static Notice outcome(GuiDriver& gui) {
    gui.until([&] { return !gui.viewer().recorder.busy() && !gui.viewer().notices.empty(); },
              "the file to be complete");
    return gui.viewer().notices.back();
  }
};

TEST_F(VideoWindow, TwoSecondsAreRecordedWhileASliderIsDragged) {
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().settings.video.size = 128;
  gui.click("gallery face 5");
  gui.until_settled();
  const Latent before = gui.viewer().editor.state.face.latent;
  gui.click("record");
  ASSERT_TRUE(gui.viewer().recorder.recording());
  EXPECT_TRUE(gui.has("take"));
  while (gui.viewer().recorder.take().seconds < 2.0) {
    gui.drag("z3", 40);
    gui.drag("z3", -40);
    gui.drag("z7", 30);
  }
  gui.until_settled();
  const Latent after = gui.viewer().editor.state.face.latent;
  gui.click("record");
  const Notice notice = outcome(gui);
  ASSERT_EQ(notice.title, "Recorded") << notice.text;
  EXPECT_THAT(notice.text, HasSubstr("none lost"));
  const fs::path path = notice.text.substr(0, notice.text.find('\n'));
  VideoReader reader(path);
  EXPECT_NEAR(reader.fps(), 60, 0.1) << "a constant rate";
  EXPECT_GT(reader.seconds(), 1.9);
  const std::vector<Image> frames = frames_of(path);
  EXPECT_NEAR(static_cast<double>(frames.size()), reader.seconds() * 60, 1.5);
  const auto engine = make_engine(*gui.viewer().model.get());
  const auto enlarged = [&](const Latent& latent) {
    return resize(engine->generate(std::vector<Latent>{latent}).front(), 128, 128,
                  gui.viewer().settings.filter);
  };
  EXPECT_THAT(middle_difference(frames.front(), enlarged(before)), Lt(4.0));
  EXPECT_THAT(middle_difference(frames.back(), enlarged(after)), Lt(4.0));
  EXPECT_THAT(middle_difference(frames.front(), frames.back()), Gt(4.0));
}

TEST_F(VideoWindow, AnExportHasTheFramesThatTheCommandLineWrites) {
  GuiDriver gui(options());
  gui.rest();
  Viewer& viewer = gui.viewer();
  viewer.settings.video.size = 96;
  viewer.settings.video.fps = 12;
  gui.key(SDLK_e, KMOD_CTRL);
  ASSERT_TRUE(gui.has("export window"));
  const MorphState made = viewer.editor.state;
  export_to(gui, folder_ / "window.mp4");
  const Notice notice = outcome(gui);
  ASSERT_EQ(notice.title, "Video saved") << notice.text;

  MorphState state = made;
  state.walking = true;
  const auto engine = make_export_engine(viewer.model.get(), {});
  export_morph(*engine, state, viewer.settings.video, folder_ / "other.mp4");
  const std::vector<Image> frames = frames_of(folder_ / "window.mp4");
  EXPECT_EQ(frames.size(), static_cast<std::size_t>(std::lround(viewer.editor.duration() * 12)));
  EXPECT_EQ(frames, frames_of(folder_ / "other.mp4"));

  viewer.editor.surprise_walk();
  gui.redraw();
  EXPECT_NE(viewer.editor.state.keys, made.keys);
  gui.drop(folder_ / "window.mp4");
  gui.until([&] { return viewer.editor.state.keys == made.keys; }, "the walk that made the video");
  EXPECT_TRUE(viewer.session_path().empty()) << "saving must not write over the video";
}

TEST_F(VideoWindow, TheDialogTellsWhatWillBeWritten) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("menu File");
  gui.click("Export video…");
  gui.click("format");
  gui.click("format: gif");
  EXPECT_EQ(gui.viewer().settings.video.format, VideoFormat::Gif);
  EXPECT_EQ(gui.viewer().settings.video.fps, 50) << "no GIF is faster";
  gui.click("layout");
  gui.click("layout: A grid of morphs");
  EXPECT_TRUE(gui.has("columns"));
  gui.viewer().settings.video.size = 64;
  gui.viewer().settings.video.fps = 5;
  export_to(gui, folder_ / "grid.gif");
  gui.until([&] { return gui.viewer().recorder.exporting(); }, "the export to begin");
  ASSERT_EQ(outcome(gui).title, "Video saved") << outcome(gui).text;
  EXPECT_EQ(VideoReader(folder_ / "grid.gif").width(), 64);

  gui.viewer().notices.clear();
  gui.key(SDLK_e, KMOD_CTRL);
  gui.click("video path");
  gui.key(SDLK_a, KMOD_CTRL);
  gui.type((folder_ / "grid.gif").string());
  EXPECT_TRUE(gui.has("Replace")) << "it is there already";
  EXPECT_FALSE(gui.has("Export"));
}

TEST_F(VideoWindow, TheWalksFacesAreSavedAsOneSheet) {
  GuiDriver gui(options());
  gui.rest();
  gui.click("menu File");
  gui.click("Save sheet of the walk");
  const Notice notice = outcome(gui);
  ASSERT_EQ(notice.title, "Sheet saved") << notice.text;
  const Image sheet = read_png(notice.text);
  EXPECT_EQ(sheet.width, 1024);
  EXPECT_NEAR(sheet.height, 520, 20) << "five faces, four in a row";
}

TEST_F(VideoWindow, AnExportIsStoppedAndAskedAboutBeforeClosing) {
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().settings.video.loops = 200;
  gui.viewer().export_video(folder_ / "long.mp4");
  gui.until([&] { return gui.viewer().recorder.progress().frames > 10; }, "some frames");
  EXPECT_TRUE(gui.has("export progress"));
  gui.key(SDLK_q, KMOD_CTRL);
  EXPECT_TRUE(gui.has("close window"));
  EXPECT_FALSE(gui.app().window_state().quit);
  gui.click("Stay");
  gui.click("Stop");
  EXPECT_EQ(outcome(gui).title, "Export cancelled");
  EXPECT_FALSE(fs::exists(folder_ / "long.mp4"));
  EXPECT_FALSE(fs::exists(folder_ / "long.part.mp4"));
  EXPECT_FALSE(gui.app().window_state().quit);
}

}  // namespace
}  // namespace facemorph
