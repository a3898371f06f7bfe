#include "app/panels.hpp"

#include <cmath>
#include <string>

namespace facemorph {
namespace {

constexpr float kRange = 4.0F;  // standard deviations

/// A name that can be typed over; it looks like a label until then.
void draw_name(Ui& ui, Direction& direction, std::size_t index, float width) {
  ImGui::PushStyleColor(ImGuiCol_FrameBg, IM_COL32(0, 0, 0, 0));
  ImGui::SetNextItemWidth(width);
  char text[64] = {};
  direction.name.copy(text, sizeof text - 1);
  if (ImGui::InputText("##name", text, sizeof text)) direction.name = text;
  ImGui::PopStyleColor();
  ui.record_item("name of direction " + std::to_string(index));
  ui.tooltip("Click to give it another name");
}

/// Returns whether it is to go.
bool draw_direction(Ui& ui, Viewer& viewer, std::size_t index, const Latent& latent) {
  Direction& direction = viewer.state.directions[index];
  const float button = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  draw_name(ui, direction, index, ImGui::GetContentRegionAvail().x - button);
  ImGui::SameLine();
  const std::string number = std::to_string(index);
  const bool removed =
      ui.icon_button(("remove direction " + number).c_str(), Icon::Cross, "Forget this direction");
  float place = place_along(latent, direction.vector);
  if (ui.slider(("##direction " + number).c_str(),
                "Where the face on the stage stands along this direction, in standard deviations "
                "of random faces. Drag to move it; what lies across stays. Double-click: 0.",
                &place, {-kRange, kRange, 0.0F, 0.0F, false}, "%+.2f σ", -1) &&
      std::isfinite(place))
    viewer.move_along(index, place);
  ui.record_item("direction " + number);
  return removed;
}

}  // namespace

void draw_directions_tab(Ui& ui, Viewer& viewer) {
  if (!viewer.model()) {
    ui.paragraph("Directions appear when a model is open.");
    return;
  }
  std::vector<Direction>& directions = viewer.state.directions;
  if (directions.empty()) {
    ui.paragraph(
        "A direction is a slider with a meaning: smile, age, light. Make one in the Sum tab, from "
        "faces that have something (A) and faces that have not (B).");
    return;
  }
  ImGui::BeginChild("directions");
  const Latent latent = viewer.shown_latent();
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < directions.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    if (draw_direction(ui, viewer, i, latent)) removed = i;
    ImGui::PopID();
    ImGui::Dummy({0, ui.px(2)});
  }
  if (removed) directions.erase(directions.begin() + static_cast<std::ptrdiff_t>(*removed));
  ImGui::EndChild();
}

}  // namespace facemorph
