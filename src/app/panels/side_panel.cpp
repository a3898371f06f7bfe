#include "app/panels/panels.hpp"

#include <array>
#include <string>

namespace facemorph {
namespace {

struct Tab {
  const char* title;
  const char* name;
  const char* tip;
  void (*draw)(Ui&, Viewer&, TrainView&);
};

/// Most tabs have no looks to remember.
template <void (*kDraw)(Ui&, Viewer&)>
void draw_plain(Ui& ui, Viewer& viewer, TrainView& train) {
  (void)train;
  kDraw(ui, viewer);
}

constexpr std::array<Tab, 6> kTabs = {{
    {"Latent", "tab latent", "Every dimension of the face on the stage",
     draw_plain<draw_latent_tab>},
    {"Directions", "tab directions", "Sliders with a meaning", draw_plain<draw_directions_tab>},
    {"Sum", "tab sum", "Add faces, and take them away", draw_plain<draw_sum_tab>},
    {"Pad", "tab pad", "Blend four faces with one hand", draw_plain<draw_pad_tab>},
    {"Model", "tab model", "What is open, and how it runs", draw_plain<draw_model_tab>},
    {"Train", "tab train", "Teach a model your own pictures, and watch it learn", draw_train_tab},
}};

}  // namespace

void draw_side_panel(Ui& ui, Viewer& viewer, TrainView& train, const Rect& area) {
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
    const bool choose = viewer.wanted_tab == i || (first_frame && i == chosen);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemInnerSpacing, {ui.px(1), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(4.5F), padding.y});
    const bool open = ImGui::BeginTabItem(
        tab.title, nullptr, choose ? ImGuiTabItemFlags_SetSelected : ImGuiTabItemFlags_None);
    ImGui::PopStyleVar(2);
    ui.record_item(tab.name);
    ui.tooltip(tab.tip);
    if (!open) continue;
    if (!first_frame) chosen = i;
    if (viewer.model())
      tab.draw(ui, viewer, train);
    else
      ui.paragraph(viewer.loading() ? "Loading …"
                                    : "No model is open. Open one from the File menu.");
    ImGui::EndTabItem();
  }
  viewer.wanted_tab.reset();
  ImGui::EndTabBar();
}

}  // namespace facemorph
