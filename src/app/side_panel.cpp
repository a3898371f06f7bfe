#include "app/panels.hpp"

#include <array>
#include <string>

namespace facemorph {
namespace {

struct Tab {
  const char* title;
  const char* name;
  const char* tip;
  void (*draw)(Ui&, Viewer&);
};

constexpr std::array<Tab, 5> kTabs = {{
    {"Latent", "tab latent", "Every dimension of the face on the stage", draw_latent_tab},
    {"Directions", "tab directions", "Sliders with a meaning", draw_directions_tab},
    {"Sum", "tab sum", "Add faces, and take them away", draw_sum_tab},
    {"Pad", "tab pad", "Blend four faces with one hand", draw_pad_tab},
    {"Model", "tab model", "What is open, and how it runs", draw_model_tab},
}};

}  // namespace

void draw_side_panel(Ui& ui, Viewer& viewer, const Rect& area) {
  const PanelScope panel("Side", area,
                         ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 padding = ImGui::GetStyle().FramePadding;
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(7), padding.y});
  const bool open_bar = ImGui::BeginTabBar("tabs");
  ImGui::PopStyleVar();
  if (!open_bar) return;
  const bool first_frame = ImGui::IsWindowAppearing();
  int& chosen = viewer.settings.tab;
  for (int i = 0; i < static_cast<int>(kTabs.size()); ++i) {
    const Tab& tab = kTabs[static_cast<std::size_t>(i)];
    const bool choose = first_frame && i == chosen;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(7), padding.y});
    const bool open = ImGui::BeginTabItem(
        tab.title, nullptr, choose ? ImGuiTabItemFlags_SetSelected : ImGuiTabItemFlags_None);
    ImGui::PopStyleVar();
    ui.record_item(tab.name);
    ui.tooltip(tab.tip);
    if (!open) continue;
    if (!first_frame) chosen = i;
    if (viewer.model())
      tab.draw(ui, viewer);
    else
      ui.paragraph(viewer.loading() ? "Loading …"
                                    : "No model is open. Open one from the File menu.");
    ImGui::EndTabItem();
  }
  ImGui::EndTabBar();
}

}  // namespace facemorph
