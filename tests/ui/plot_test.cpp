#include "ui/plot.hpp"

#include "support/headless_imgui.hpp"

#include <gtest/gtest.h>

#include <array>

namespace facemorph {
namespace {

/// Two plots of a group in a panel that is too small for them.
class Plots : public ::testing::Test {
 protected:
  Plots() {
    for (int step = 0; step <= 1000; ++step) {
      losses_.add(step, 0.001 * step);
      if (step % 100 == 0) scores_.add(step, step);
    }
    frame({-1, -1});
  }

  void frame(ImVec2 pointer, bool pressed = false, float wheel = 0) {
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = pointer;
    io.MouseDown[0] = pressed;
    io.MouseWheel = wheel;
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({300, 200});
    ImGui::Begin("panel", nullptr, ImGuiWindowFlags_NoTitleBar);
    upper_.draw(ui_, "losses", view_, std::array{PlotLine{"D", palette::kAccent, &losses_}}, 110);
    lower_.draw(ui_, "scores", view_, std::array{PlotLine{"KID", palette::kAccent, &scores_}}, 110);
    ImGui::Dummy({1, 300});
    scrolled_ = ImGui::GetScrollY();
    ImGui::End();
    ImGui::Render();
  }
  ImVec2 middle(const char* plot) const { return ui_.widgets().at(plot).centre(); }
  double width() const { return view_.range->second - view_.range->first; }

  HeadlessImgui imgui_{{400, 400}};
  Ui ui_ = imgui_.ui();
  Series losses_;
  Series scores_;
  PlotView view_;
  Plot upper_;
  Plot lower_;
  float scrolled_ = 0;
};

TEST_F(Plots, ZoomAroundThePointerWithoutScrollingThePanel) {
  const ImVec2 pointer = middle("losses");
  frame(pointer);
  ASSERT_TRUE(view_.pointed);
  const double step = *view_.pointed;
  frame(pointer, false, 3);
  ASSERT_TRUE(view_.range);
  EXPECT_NEAR(width(), 1000 / (1.25 * 1.25 * 1.25), 1e-6);
  EXPECT_NEAR(*view_.pointed, step, 1e-3);
  frame(pointer, false, 100);
  EXPECT_NEAR(width(), 2, 1e-9) << "two steps at least";
  frame(pointer, false, -100);
  EXPECT_FALSE(view_.range) << "everything, and what is added";
  EXPECT_EQ(scrolled_, 0);
}

TEST_F(Plots, LeaveTheWheelToThePanelWhenTheyComeUnderARestingPointer) {
  const ImVec2 pointer = {middle("losses").x, ui_.widgets().at("losses").max.y + 2};  // between
  frame(pointer);
  frame(pointer, false, -1);
  frame(pointer);
  const float once = scrolled_;
  EXPECT_GT(once, 0);
  EXPECT_TRUE(view_.pointed) << "on the lower plot now";
  frame(pointer, false, -1);
  frame(pointer);
  EXPECT_GT(scrolled_, once);
  EXPECT_FALSE(view_.range);
}

TEST_F(Plots, MoveAlongWithTheHandAndShowEverythingAfterADoubleClick) {
  view_.range = {400, 600};
  const ImVec2 from = middle("losses");
  frame(from);
  frame(from, true);
  const double step = *view_.pointed;
  const ImVec2 to = {from.x - 50, from.y};
  frame(to, true);
  EXPECT_NEAR(*view_.pointed, step, 1e-3) << "stays under the pointer";
  EXPECT_NEAR(width(), 200, 1e-6);
  EXPECT_GT(view_.range->first, 400);
  frame(to);
  for (const bool pressed : {true, false, true, false})
    frame(to, pressed);
  EXPECT_FALSE(view_.range);
}

TEST_F(Plots, TellEachOtherWhereThePointerIs) {
  frame(middle("scores"));
  ASSERT_TRUE(view_.pointed);
  frame({350, 350});
  frame({350, 350});
  EXPECT_FALSE(view_.pointed) << "plots that are drawn early hear of it a frame later";
}

TEST_F(Plots, ShowAllOfTheGroup) {
  scores_.add(2000, 1);
  frame(middle("losses"));
  frame({ui_.widgets().at("losses").max.x - 1, middle("losses").y});
  EXPECT_EQ(view_.pointed, 2000) << "as far as the plot below goes";
}

TEST_F(Plots, DrawWhateverTheValuesAre) {
  for (const auto& values : {std::vector<double>{},
                             {0},
                             {0, 0},
                             {NAN, NAN},
                             {NAN, 1, NAN, -1, NAN},
                             {1e-300, 1e30, -1e30},
                             {INFINITY, 3},
                             {-5, -5, -5}})
    for (const bool logarithmic : {false, true})
      for (const double smoothing : {0.0, 0.9, 1.0}) {
        losses_.clear();
        for (const double value : values)
          losses_.add(static_cast<double>(losses_.size()), value);
        scores_ = losses_;
        view_ = {};
        view_.logarithmic = logarithmic;
        view_.smoothing = smoothing;
        frame(middle("losses"));
        frame(middle("losses"), false, 5);
        const ImDrawData& drawn = *ImGui::GetDrawData();
        for (int i = 0; i < drawn.CmdListsCount; ++i)
          for (const ImDrawVert& vertex : drawn.CmdLists[i]->VtxBuffer)
            ASSERT_LT(std::abs(vertex.pos.y), 1000) << values.size();
      }
}

}  // namespace
}  // namespace facemorph
