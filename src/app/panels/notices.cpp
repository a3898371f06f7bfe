#include "app/panels/panels.hpp"

#include <algorithm>
#include <string>

namespace facemorph {
namespace {

ImU32 colour_of(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::Error:
      return palette::kError;
    case Notice::Kind::Warning:
      return palette::kWarning;
    case Notice::Kind::Info:
      break;
  }
  return palette::kAccent;
}

/// A card; returns true when it was dismissed.
bool draw_card(Ui& ui, OpenModel& model, const Notice& notice, std::size_t index, ImVec2 corner,
               float width, float* height) {
  ImGui::SetNextWindowPos(corner);
  ImGui::SetNextWindowSize({width, 0});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, IM_COL32(30, 33, 40, 250));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1.0F);
  ImGui::Begin(("notice " + std::to_string(index)).c_str(), nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_NoNav | ImGuiWindowFlags_AlwaysAutoResize);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();

  const float line = ImGui::GetFrameHeight();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_icon(*ImGui::GetWindowDrawList(),
            notice.kind == Notice::Kind::Info ? Icon::Info : Icon::Warning,
            {at.x + ui.px(9), at.y + line / 2}, ui.px(16), colour_of(notice.kind));
  ImGui::Indent(ui.px(28));
  ImGui::AlignTextToFramePadding();
  ui.heading(notice.title.c_str());
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - line);
  const bool dismissed = ui.icon_button("dismiss", Icon::Cross, "Dismiss (Esc)");
  ui.record("notice", {corner, {corner.x + width, corner.y + ImGui::GetWindowHeight()}});
  ui.paragraph(notice.text.c_str());
  if (notice.kind == Notice::Kind::Warning && model.wants_recalibration()) {
    if (ui.button("Recalibrate", "Re-estimate the batch-norm statistics now", 0, true))
      model.recalibrate();
  }
  ImGui::Unindent(ui.px(28));
  *height = ImGui::GetWindowHeight();
  ImGui::End();
  return dismissed;
}

}  // namespace

void draw_notices(Ui& ui, Notices& notices, OpenModel& model, const Rect& stage_area) {
  const float width = std::min(ui.px(440), stage_area.width() - ui.px(24));
  ImVec2 corner{stage_area.centre().x - width / 2, stage_area.min.y + ui.px(14)};
  std::optional<std::size_t> dismissed;
  for (std::size_t i = 0; i < notices.size(); ++i) {
    const Notice notice = notices[i];  // a button on it may change the list
    float height = 0;
    if (draw_card(ui, model, notice, i, corner, width, &height)) dismissed = i;
    corner.y += height + ui.px(8);
  }
  if (dismissed) notices.dismiss(*dismissed);
}

}  // namespace facemorph
