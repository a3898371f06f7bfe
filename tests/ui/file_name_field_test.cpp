#include "ui/file_name_field.hpp"

#include "base/temporary_folder.hpp"
#include "support/headless_imgui.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// The field beside a disk that answers when the test lets it.
class NameField : public ::testing::Test {
 protected:
  /// `typed`: what the keyboard says in this frame.
  void frame(const char* typed = "") {
    ImGui::GetIO().AddInputCharactersUTF8(typed);
    ui_.begin_frame();
    ImGui::NewFrame();
    ImGui::Begin("panel");
    if (focused_) ImGui::SetKeyboardFocusHere();
    focused_ = false;
    field_.draw(ui_, "name", "A file", [](const fs::path& name) { return name; });
    ImGui::End();
    ImGui::Render();
  }
  /// As a dialog does when it opens: the text is selected, so that typing replaces it.
  void open_for_typing() {
    focused_ = true;
    frame();
    frame();
    frame();
  }
  void disk_answers() {
    for (int i = 0; i < 1000; ++i) {
      if (backstage_.queue.run_posted()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL() << "no answer";
  }
  fs::path write(const std::string& name) const {
    const fs::path path = folder_ / name;
    std::ofstream(path) << "something";
    return path;
  }

  HeadlessImgui imgui_{{400, 400}};
  Ui ui_ = imgui_.ui();
  TemporaryFolder folder_;
  Backstage backstage_{[] {}};
  FileNameField field_{backstage_};
  bool focused_ = false;
};

TEST_F(NameField, ProposesANameThatIsFree) {
  const fs::path taken = write("walk.facemorph.json");
  write("walk-2.facemorph.json");
  field_.propose(taken, ".facemorph.json");
  frame();
  EXPECT_EQ(field_.path(), taken) << "until the disk answers";
  disk_answers();
  frame();
  EXPECT_EQ(field_.path(), folder_ / "walk-3.facemorph.json");
  EXPECT_FALSE(field_.taken());
}

TEST_F(NameField, TheProposalReachesAFieldThatIsOpenForTyping) {
  const fs::path taken = write("walk.json");
  field_.propose(taken, {});
  open_for_typing();
  disk_answers();
  frame();
  frame();
  EXPECT_EQ(field_.path(), folder_ / "walk-2.json");
  EXPECT_FALSE(field_.typed());
  frame("x");
  EXPECT_EQ(field_.path(), "x") << "it is selected, and typing replaces it";
  EXPECT_TRUE(field_.typed());
}

TEST_F(NameField, WhatWasTypedIsNotReplacedByAProposal) {
  const fs::path taken = write("walk.json");
  field_.propose(taken, {});
  open_for_typing();
  frame("mine");
  disk_answers();
  frame();
  EXPECT_TRUE(field_.path().string().find("mine") != std::string::npos) << field_.path();
}

TEST_F(NameField, APressBeforeTheDiskAnswersWritesToAFreeName) {
  const fs::path taken = write("walk.json");
  field_.propose(taken, {});
  frame();
  EXPECT_FALSE(field_.confirm(true)) << "nobody knows yet whether it is free";
  EXPECT_TRUE(field_.waiting());
  disk_answers();  // with a free name
  frame();
  EXPECT_FALSE(field_.confirm(false));
  disk_answers();  // that nothing is there
  frame();
  EXPECT_TRUE(field_.confirm(false));
  EXPECT_EQ(field_.path(), folder_ / "walk-2.json");
  EXPECT_FALSE(field_.confirm(false)) << "once";
}

TEST_F(NameField, APressBeforeTheDiskAnswersNeverReplacesAnything) {
  field_.show(write("walk.json"));
  frame();
  EXPECT_FALSE(field_.confirm(true));
  disk_answers();
  frame();
  EXPECT_TRUE(field_.taken());
  EXPECT_FALSE(field_.confirm(false)) << "the button did not say so when it was pressed";
  EXPECT_FALSE(field_.waiting());
  EXPECT_TRUE(field_.confirm(true)) << "now it does";
}

}  // namespace
}  // namespace facemorph
