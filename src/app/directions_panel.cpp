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

void draw_slider(Ui& ui, Viewer& viewer, const Direction& direction, const std::string& name,
                 const Latent& latent, float width) {
  float place = place_along(latent, direction.vector);
  if (ui.slider(("##" + name).c_str(),
                "Where the face on the stage stands along this direction, in standard deviations "
                "of random faces. Drag to move it; what lies across stays. Double-click: 0.",
                &place, {-kRange, kRange, 0.0F, 0.0F, false}, "%+.2f σ", width) &&
      std::isfinite(place))
    viewer.move_along(direction, place);
  ui.record_item(name);
}

/// Returns whether it is to go.
bool draw_own(Ui& ui, Viewer& viewer, std::size_t index, const Latent& latent) {
  const float button = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  const std::string number = std::to_string(index);
  draw_name(ui, viewer.state.directions[index], index, ImGui::GetContentRegionAvail().x - button);
  ImGui::SameLine();
  const bool removed =
      ui.icon_button(("remove direction " + number).c_str(), Icon::Cross, "Forget this direction");
  draw_slider(ui, viewer, Direction(viewer.state.directions[index]), "direction " + number, latent,
              -1);
  return removed;
}

void draw_own_directions(Ui& ui, Viewer& viewer, const Latent& latent) {
  std::vector<Direction>& directions = viewer.state.directions;
  ui.heading("Yours");
  if (directions.empty()) {
    ui.paragraph(
        "A direction is a slider with a meaning: smile, age, light. Make one in the Sum tab, from "
        "faces that have something (A) and faces that have not (B), or keep one from below.");
    return;
  }
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < directions.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    if (draw_own(ui, viewer, i, latent)) removed = i;
    ImGui::PopID();
  }
  if (removed) directions.erase(directions.begin() + static_cast<std::ptrdiff_t>(*removed));
  ui.checkbox("Hold the others",
              "Moves along one of your directions so that the face stays where it is along all the "
              "others: a smile that does not make older",
              &viewer.hold_others);
}

void draw_search(Ui& ui, Viewer& viewer) {
  if (const auto done = viewer.finding()) {
    ImGui::PushStyleColor(ImGuiCol_PlotHistogram, palette::kAccent);
    ImGui::ProgressBar(*done, {-1, ui.px(6)}, "");
    ImGui::PopStyleColor();
    if (ui.button("Stop", "Leaves the search", -1)) viewer.stop_finding();
    return;
  }
  ui.paragraph(
      "Looks at some thousand random faces for the ways in which this model's faces vary most, "
      "and gives a slider to each (GANSpace). It takes a few seconds, once for each model.");
  if (ui.button("Find directions", "Looks for them in the background", -1, true))
    viewer.find_directions();
}

void draw_principal_directions(Ui& ui, Viewer& viewer, const Latent& latent) {
  ui.heading("Of this model");
  const std::vector<Direction>& principal = viewer.principal();
  if (principal.empty()) return draw_search(ui, viewer);
  const float button = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  for (std::size_t i = 0; i < principal.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    const std::string number = std::to_string(i);
    ImGui::AlignTextToFramePadding();
    ui.dim_text(principal[i].name.c_str());
    ImGui::SameLine(ui.px(124));
    draw_slider(ui, viewer, principal[i], "principal " + number, latent,
                ImGui::GetContentRegionAvail().x - button);
    ImGui::SameLine();
    if (ui.icon_button(("keep principal " + number).c_str(), Icon::Plus,
                       "Keep it among yours, under a name of your own"))
      viewer.add_direction(principal[i].name, principal[i].vector);
    ImGui::PopID();
  }
}

}  // namespace

void draw_directions_tab(Ui& ui, Viewer& viewer) {
  if (!viewer.model()) {
    ui.paragraph("Directions appear when a model is open.");
    return;
  }
  ImGui::BeginChild("directions");
  const Latent latent = viewer.shown_latent();
  draw_own_directions(ui, viewer, latent);
  ImGui::Dummy({0, ui.px(6)});
  draw_principal_directions(ui, viewer, latent);
  ImGui::EndChild();
}

}  // namespace facemorph
