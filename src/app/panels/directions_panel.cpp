#include "app/panels/panels.hpp"

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
  ui.control("name of direction " + std::to_string(index), Focus::Kind::Field);
  ui.tooltip("Click to give it another name");
}

void draw_slider(Ui& ui, MorphEditor& editor, OpenModel& model, const Direction& direction,
                 const std::string& name, float width) {
  float place = editor.place_along(direction);
  if (ui.slider(("##" + name).c_str(),
                "Where the face on the stage stands along this direction, in standard deviations "
                "of random faces. Drag to move it; what lies across stays. Double-click: 0.",
                &place, {-kRange, kRange, 0.0F, 0.0F, false}, "%+.2f σ", width) &&
      std::isfinite(place))
    editor.move_along(direction, place, model.named());
  ui.record_item(name);
}

/// Returns whether it is to go.
bool draw_own(Ui& ui, MorphEditor& editor, OpenModel& model, std::size_t index) {
  const float button = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  const std::string number = std::to_string(index);
  draw_name(ui, editor.state.directions[index], index, ImGui::GetContentRegionAvail().x - button);
  ImGui::SameLine();
  const bool removed =
      ui.icon_button(("remove direction " + number).c_str(), Icon::Cross, "Forget this direction");
  const Direction direction = editor.state.directions[index];
  draw_slider(ui, editor, model, direction, "direction " + number,
              ImGui::GetContentRegionAvail().x - button);
  ImGui::SameLine();
  draw_key_button(ui, editor, "key of direction " + number, {TrackKind::Direction, direction});
  return removed;
}

void draw_own_directions(Ui& ui, MorphEditor& editor, OpenModel& model) {
  std::vector<Direction>& directions = editor.state.directions;
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
    if (draw_own(ui, editor, model, i)) removed = i;
    ImGui::PopID();
  }
  if (removed) directions.erase(directions.begin() + static_cast<std::ptrdiff_t>(*removed));
}

void draw_search(Ui& ui, OpenModel& model) {
  if (const auto done = model.principal().progress()) {
    ImGui::PushStyleColor(ImGuiCol_PlotHistogram, palette::kAccent);
    ImGui::ProgressBar(*done, {-1, ui.px(6)}, "");
    ImGui::PopStyleColor();
    if (ui.button("Stop", "Leaves the search", -1)) model.principal().stop();
    return;
  }
  ui.paragraph(
      "Looks at some thousand random faces for the ways in which this model's faces vary most, "
      "and gives a slider to each (GANSpace). It takes a few seconds, once for each model.");
  if (ui.button("Find directions", "Looks for them in the background", -1, true))
    model.principal().find(model.get());
}

/// Directions that came with the model or were found in it: one line each.
void draw_lines(Ui& ui, MorphEditor& editor, OpenModel& model,
                const std::vector<Direction>& directions, const std::string& kind, bool may_keep) {
  const float buttons = may_keep ? 2 : 1;
  const float button = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  ImGui::PushID(kind.c_str());
  for (std::size_t i = 0; i < directions.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    const Direction& direction = directions[i];
    const std::string name = kind + " " + std::to_string(i);
    ImGui::AlignTextToFramePadding();
    ui.dim_text(direction.name.c_str());
    ImGui::SameLine(ui.px(132));
    draw_slider(ui, editor, model, direction, name,
                ImGui::GetContentRegionAvail().x - buttons * button);
    ImGui::SameLine();
    draw_key_button(ui, editor, "key of " + name, {TrackKind::Direction, direction});
    if (may_keep) ImGui::SameLine();
    if (may_keep && ui.icon_button(("keep " + name).c_str(), Icon::Plus,
                                   "Keep it among yours, under a name of your own"))
      editor.add_direction(direction.name, direction.vector);
    ImGui::PopID();
  }
  ImGui::PopID();
}

void draw_principal_directions(Ui& ui, MorphEditor& editor, OpenModel& model) {
  ui.heading("Found in this model");
  if (model.principal().directions().empty()) return draw_search(ui, model);
  draw_lines(ui, editor, model, model.principal().directions(), "principal", true);
}

void draw_named_directions(Ui& ui, MorphEditor& editor, OpenModel& model) {
  if (model.named().empty()) return;
  ui.heading("Of this model");
  draw_lines(ui, editor, model, model.named(), "named", false);
  ImGui::Dummy({0, ui.px(6)});
}

void draw_hold(Ui& ui, MorphEditor& editor, OpenModel& model) {
  if (editor.state.directions.size() + model.named().size() < 2) return;
  ui.checkbox("Hold the others",
              "Moves along a direction so that the face stays where it is along all others that "
              "have a name or are yours: a smile that does not make older",
              &editor.hold_others);
}

}  // namespace

void draw_directions_tab(Ui& ui, MorphEditor& editor, OpenModel& model) {
  ImGui::BeginChild("directions");
  draw_hold(ui, editor, model);
  draw_named_directions(ui, editor, model);
  draw_own_directions(ui, editor, model);
  ImGui::Dummy({0, ui.px(6)});
  draw_principal_directions(ui, editor, model);
  ImGui::EndChild();
}

}  // namespace facemorph
