#include "app/panels/panels.hpp"

#include <array>
#include <string>

namespace facemorph {
namespace {

struct TabLabel {
  const char* title;
  const char* name;
  const char* tip;
};

constexpr std::array<TabLabel, 6> kTabs = {{
    {"Latent", "tab latent", "Every dimension of the face on the stage"},
    {"Directions", "tab directions", "Sliders with a meaning"},
    {"Sum", "tab sum", "Add faces, and take them away"},
    {"Pad", "tab pad", "Blend four faces with one hand"},
    {"Model", "tab model", "What is open, and how it runs"},
    {"Train", "tab train", "Teach a model your own pictures, and watch it learn"},
}};

void draw_tab(Ui& ui, const ActionContext& context, TrainView& train, FaceTiles& tiles,
              SideTab tab) {
  Viewer& viewer = context.viewer;
  switch (tab) {
    case SideTab::Dimensions:
      return draw_latent_tab(ui, viewer.editor);
    case SideTab::Directions:
      return draw_directions_tab(ui, viewer.editor, viewer.model);
    case SideTab::Sum:
      return draw_sum_tab(ui, viewer.editor, tiles);
    case SideTab::Pad:
      return draw_pad_tab(ui, viewer.editor, tiles);
    case SideTab::Model:
      return draw_model_tab(ui, viewer.model, viewer.settings.filter);
    case SideTab::Train:
      return draw_train_tab(ui, context, train);
  }
}

}  // namespace

void draw_side_panel(Ui& ui, const ActionContext& context, TrainView& train, FaceTiles& tiles,
                     const Rect& area) {
  Viewer& viewer = context.viewer;
  WindowState& window = context.window;
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
    const auto tab = static_cast<SideTab>(i);
    const TabLabel& label = kTabs[static_cast<std::size_t>(i)];
    const bool choose = window.wanted_tab == tab || (first_frame && i == chosen);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemInnerSpacing, {ui.px(1), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui.px(4.5F), padding.y});
    const bool open = ImGui::BeginTabItem(
        label.title, nullptr, choose ? ImGuiTabItemFlags_SetSelected : ImGuiTabItemFlags_None);
    ImGui::PopStyleVar(2);
    ui.control(label.name);
    ui.tooltip(label.tip);
    if (!open) continue;
    if (!first_frame) chosen = i;
    if (viewer.model.get())
      draw_tab(ui, context, train, tiles, tab);
    else
      ui.paragraph(viewer.model.loading() ? "Loading …"
                                          : "No model is open. Open one from the File menu.");
    ImGui::EndTabItem();
  }
  window.wanted_tab.reset();
  ImGui::EndTabBar();
}

}  // namespace facemorph
