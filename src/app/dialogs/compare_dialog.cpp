#include "app/dialogs/compare_dialog.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace facemorph {
namespace {

/// Of a sheet: two and what stands below them, as large as there is room.
float side_of(const Ui& ui) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  return std::floor(std::min((screen.x - ui.px(120)) / 2, screen.y - ui.px(270)));
}

void draw_side(Ui& ui, Viewer& viewer, const std::string& which,
               std::optional<std::uint64_t>* step) {
  RunPast& past = viewer.training.past();
  const float side = side_of(ui);
  ImGui::BeginChild(which.c_str(), {side, side + 3 * ImGui::GetFrameHeightWithSpacing()});
  const RunMoment* moment = moment_at(past.moments(), *step);
  draw_sheet(ui, (which + " faces").c_str(), past.sheet(*moment), side);
  draw_scrubber(ui, (which + " moment").c_str(), "Drag along the run", past, false, step);
  draw_open_moment(ui, viewer.training, ("Open##" + which).c_str(), moment, -1);
  ui.record_item("open " + which);
  ImGui::EndChild();
}

}  // namespace

bool CompareDialog::prepare(const ActionContext& context) {
  return !context.viewer.training.past().moments().empty();
}

Dialog::Look CompareDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  const ImGuiStyle& style = ImGui::GetStyle();
  return {"Then and now",
          "compare window",
          {2 * side_of(ui) + style.ItemSpacing.x + 2 * style.WindowPadding.x, 0}};
}

void CompareDialog::draw(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  const RunPast& past = viewer.training.past();
  if (past.moments().empty()) return end();
  if (!view_.left) view_.left = past.moments().front().step;
  draw_side(ui, viewer, "left", &view_.left);
  ImGui::SameLine();
  draw_side(ui, viewer, "right", &view_.right);
  const float button = ui.px(150);
  if (ui.button("Save strip", "The first eight faces from the beginning to the end, as one picture",
                button))
    viewer.training.save_strip();
  ImGui::SameLine();
  ImGui::BeginDisabled(past.moments().size() < 2 || viewer.training.saving_time_lapse());
  if (ui.button(viewer.training.saving_time_lapse() ? "Writing …##lapse" : "Save time-lapse##lapse",
                "All 64 faces from the beginning to the end, as a video", button))
    viewer.training.save_time_lapse();
  ui.record_item("Save time-lapse");
  ImGui::EndDisabled();
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ui.px(110));
  if (ui.button("Close##compare", "Back to the window", ui.px(110), true)) end();
}

}  // namespace facemorph
