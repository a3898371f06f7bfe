#include "app/panels/panels.hpp"

#include <array>
#include <string>

namespace facemorph {
namespace {

struct Tab {
  const char* title;
  const char* name;
  const char* tip;
  void (*draw)(Ui&, Viewer&, const SideParts&);
};

/// Most tabs have no looks to remember.
template <void (*kDraw)(Ui&, Viewer&)>
void draw_plain(Ui& ui, Viewer& viewer, const SideParts& parts) {
  (void)parts;
  kDraw(ui, viewer);
}

/// Some show faces that a person may mean.
template <void (*kDraw)(Ui&, Viewer&, MeantFaces&)>
void draw_with_faces(Ui& ui, Viewer& viewer, const SideParts& parts) {
  kDraw(ui, viewer, parts.window.meant);
}

constexpr std::array<Tab, 6> kTabs = {{
    {"Latent", "tab latent", "Every dimension of the face on the stage",
     draw_plain<draw_latent_tab>},
    {"Directions", "tab directions", "Sliders with a meaning", draw_plain<draw_directions_tab>},
    {"Sum", "tab sum", "Add faces, and take them away", draw_with_faces<draw_sum_tab>},
    {"Pad", "tab pad", "Blend four faces with one hand", draw_with_faces<draw_pad_tab>},
    {"Model", "tab model", "What is open, and how it runs", draw_plain<draw_model_tab>},
    {"Train", "tab train", "Teach a model your own pictures, and watch it learn", draw_train_tab},
}};

}  // namespace

void draw_side_panel(Ui& ui, Viewer& viewer, const SideParts& parts, const Rect& area) {
  const PanelScope panel("Side", area,
                         ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 padding = ImGui::GetStyle().FramePadding;
  // Six names in the narrowest panel.
  ImGui::PushStyleVar(ImGuiStyleVar_ItemInnerSpacing, {ui.px(1), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(4.5F), padding.y});
  const bool open_bar = ImGui::BeginTabBar("tabs");
  ImGui::PopStyleVar(2);
  if (!open_bar) return;
  const bool first_frame = ImGui::IsWindowAppearing();
  int& chosen = viewer.settings.tab;
  for (int i = 0; i < static_cast<int>(kTabs.size()); ++i) {
    const Tab& tab = kTabs[static_cast<std::size_t>(i)];
    const bool choose =
        parts.window.wanted_tab == static_cast<SideTab>(i) || (first_frame && i == chosen);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemInnerSpacing, {ui.px(1), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(4.5F), padding.y});
    const bool open = ImGui::BeginTabItem(
        tab.title, nullptr, choose ? ImGuiTabItemFlags_SetSelected : ImGuiTabItemFlags_None);
    ImGui::PopStyleVar(2);
    ui.control(tab.name);
    ui.tooltip(tab.tip);
    if (!open) continue;
    if (!first_frame) chosen = i;
    if (viewer.model())
      tab.draw(ui, viewer, parts);
    else
      ui.paragraph(viewer.loading() ? "Loading …"
                                    : "No model is open. Open one from the File menu.");
    ImGui::EndTabItem();
  }
  parts.window.wanted_tab.reset();
  ImGui::EndTabBar();
}

}  // namespace facemorph
