#include "gui/viewer_window.hpp"

#include "support/fake_zenity.hpp"

namespace facemorph {
namespace {

/// Two pictures and an archive at home.
class BrowseWindow : public ViewerWindow {
 protected:
  void SetUp() override {
    fs::create_directories(home_ / "photos" / "album");
    fs::create_directories(home_ / "photos" / "more");
    const Image picture{4, 4, std::vector<std::uint8_t>(4 * 4 * 4, 200)};
    write_png(home_ / "photos" / "one.png", picture);
    write_png(home_ / "photos" / "two.png", picture);
    std::ofstream(home_ / "photos" / "notes.txt") << "two faces";
    std::ofstream(home_ / "set.zip") << "looks like one";
  }
  void browse(GuiDriver& gui) const {
    gui.rest();
    gui.app().dialogs().open(DialogName::Pictures);
    gui.redraw();
    ASSERT_TRUE(gui.has("pictures window"));
    gui.until([&] { return gui.has("entry photos"); }, "the home folder's list");
  }
  static void type_path(GuiDriver& gui, const std::string& path) {
    gui.double_click("path");
    gui.key(SDLK_a, KMOD_CTRL);
    gui.type(path);
    gui.key(SDLK_RETURN);
  }
  fs::path home_ = folder_.path() / "home";
  EnvironmentScope home_variable_{"HOME", home_.string()};
};

TEST_F(BrowseWindow, AFolderOfPicturesIsChosenToLearnFrom) {
  GuiDriver gui(options());
  browse(gui);
  EXPECT_TRUE(gui.has("No pictures here, 1 folder"));
  gui.click("entry photos");
  gui.until([&] { return gui.has("2 pictures here, 2 folders"); }, "the pictures to be counted");
  EXPECT_TRUE(gui.has("entry notes.txt"));
  gui.click("entry more");  // not in the place of the last click: that would be a double click
  gui.until([&] { return gui.has("No pictures here"); }, "the empty folder");
  gui.click("Up");
  gui.until([&] { return gui.has("2 pictures here, 2 folders"); }, "the folder above");
  gui.click("entry one.png");
  EXPECT_FALSE(gui.has("Use this archive")) << "a picture is none";
  gui.click("Use this folder");
  EXPECT_EQ(gui.viewer().training.plan.data, (home_ / "photos").string());
  EXPECT_FALSE(gui.viewer().training.plan.drawn);
  EXPECT_FALSE(gui.app().dialogs().any());
  EXPECT_FALSE(gui.has("pictures window"));
}

TEST_F(BrowseWindow, AnArchiveIsChosenToLearnFrom) {
  GuiDriver gui(options());
  browse(gui);
  EXPECT_FALSE(gui.has("Use this archive"));
  gui.click("entry set.zip");
  gui.click("Use this archive");
  EXPECT_EQ(gui.viewer().training.plan.data, (home_ / "set.zip").string());
  EXPECT_FALSE(gui.has("pictures window"));

  gui.viewer().training.plan_for(home_ / "photos" / "more");
  gui.app().dialogs().open(DialogName::Pictures);
  gui.until([&] { return gui.has("2 pictures here, 2 folders"); }, "where the last pictures lie");
  gui.click("Up");
  gui.until([&] { return gui.has("entry set.zip"); }, "the home folder's list");
  gui.double_click("entry set.zip");
  EXPECT_EQ(gui.viewer().training.plan.data, (home_ / "set.zip").string());
  EXPECT_FALSE(gui.has("pictures window"));
}

TEST_F(BrowseWindow, WhatCannotBeChosenIsExplained) {
  GuiDriver gui(options());
  browse(gui);
  for (const char* nonsense : {"/no/such/folder", "a mess", "photos/one.png", "set.zip/x"}) {
    type_path(gui, nonsense);
    gui.until([&] { return gui.has("browse problem"); },
              std::string("a reason not to take ") + nonsense);
    EXPECT_TRUE(gui.has("pictures window"));
    EXPECT_TRUE(gui.has("entry photos")) << "the list stays";
    gui.click("Up");
    gui.until([&] { return gui.has("entry home"); }, "the folder above");
    EXPECT_FALSE(gui.has("browse problem"));
    type_path(gui, "~");
    gui.until([&] { return gui.has("entry photos"); }, "the home folder");
  }
  gui.key(SDLK_ESCAPE);
  EXPECT_FALSE(gui.app().dialogs().any());
  EXPECT_FALSE(gui.has("pictures window"));
  EXPECT_EQ(gui.viewer().training.plan.data, "");
}

TEST_F(BrowseWindow, AFolderThatIsGoneLeadsToTheOneAbove) {
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().training.plan.data = (home_ / "gone" / "far" / "away").string();
  gui.app().dialogs().open(DialogName::Pictures);
  gui.until([&] { return gui.has("entry photos"); }, "the home folder's list");
  gui.click("Use this folder");
  EXPECT_EQ(gui.viewer().training.plan.data, home_.string());
}

TEST_F(BrowseWindow, TheDesktopsOwnDialogIsAsked) {
  const FakeZenity zenity("printf '%s\\n' \"$@\" > \"$(dirname \"$0\")/words\"; echo '" +
                          (home_ / "photos").string() + "'");
  GuiDriver gui(options());
  browse(gui);
  gui.click("System dialog…");
  gui.until([&] { return !gui.app().dialogs().any(); }, "the answer");
  gui.redraw();
  EXPECT_EQ(gui.viewer().training.plan.data, (home_ / "photos").string());
  EXPECT_FALSE(gui.has("pictures window"));
  EXPECT_THAT(zenity.lines_of("words"), ::testing::Contains("--directory"));
}

TEST_F(BrowseWindow, TheDesktopsOwnDialogMayFailOrStayOpen) {
  {
    const FakeZenity zenity("exit 7");
    GuiDriver gui(options());
    browse(gui);
    gui.click("System dialog…");
    gui.until([&] { return gui.has("browse problem"); }, "the reason");
    EXPECT_TRUE(gui.has("pictures window"));
  }
  const FakeZenity zenity("touch \"$(dirname \"$0\")/started\"; sleep 600");
  GuiDriver gui(options());
  browse(gui);
  gui.click("System dialog…");
  gui.until([&] { return fs::exists(zenity.folder() / "started"); }, "the dialog");
  gui.click("entry photos");
  gui.until([&] { return gui.has("2 pictures here, 2 folders"); }, "the window still works");
}  // and closes

TEST_F(BrowseWindow, TheOpenDialogExplainsToo) {
  GuiDriver gui(options());
  gui.rest();
  gui.key(SDLK_o, KMOD_CTRL);
  gui.until([&] { return gui.has("entry photos"); }, "the home folder's list");
  type_path(gui, "/no/such/model.pth");
  gui.until([&] { return gui.has("browse problem"); }, "the reason");
  EXPECT_TRUE(gui.has("open window"));
  EXPECT_TRUE(gui.viewer().notices.empty());
}

TEST_F(BrowseWindow, FrameTimesAreSaved) {
  GuiDriver gui(options());
  gui.rest();
  gui.viewer().editor.play(true);
  gui.wait(0.5);
  gui.viewer().editor.play(false);
  gui.click("menu View");
  gui.click("Save frame times");
  const fs::path file = home_ / "facemorph-frames.csv";
  gui.until([&] { return fs::exists(file); }, "the file");
  std::ifstream rows(file);
  std::string row;
  ASSERT_TRUE(std::getline(rows, row));
  EXPECT_THAT(row, HasSubstr("work_ms"));
  int count = 0;
  int animated = 0;
  while (std::getline(rows, row)) {
    double at = -1;
    double work = -1;
    double since_last = -1;
    ASSERT_EQ(std::sscanf(row.c_str(), "%lf,%lf,%lf", &at, &work, &since_last), 3) << row;
    EXPECT_GT(work, 0);
    ++count;
    if (since_last > 0) ++animated;
  }
  EXPECT_GT(count, 30);
  EXPECT_GE(animated, 29);
  gui.until([&] { return !gui.viewer().notices.empty(); }, "the message");
  EXPECT_THAT(gui.viewer().notices.back().text, HasSubstr(file.string()));
}

}  // namespace
}  // namespace facemorph
