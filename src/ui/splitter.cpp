#include "ui/splitter.hpp"

#include <limits>

namespace facemorph {
namespace {

constexpr float kStep = 8;  // of an arrow key, in pixels at scale 1

}  // namespace

float draw_splitter(Ui& ui, const char* name, float x, float top, float bottom) {
  const float width = ui.px(8);
  ImGui::SetNextWindowPos({x - width / 2, top});
  ImGui::SetNextWindowSize({width, bottom - top});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, {1, 1});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0F);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                   ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar(3);
  ImGui::SetCursorScreenPos({x - width / 2, top});
  ImGui::InvisibleButton("border", {width, bottom - top});
  ui.control(name, Focus::Kind::Border);
  const bool active = ImGui::IsItemActive();
  const bool hovered = active || ImGui::IsItemHovered();
  float dragged = ui.px(kStep) * static_cast<float>(ui.focus().take_steps(true).x);
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    ImGui::GetWindowDrawList()->AddRectFilled({x - ui.px(1), top}, {x + ui.px(1), bottom},
                                              active ? palette::kAccent : palette::kHovered);
    ui.tooltip("Drag to give this panel more room; double-click for the usual");
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left))
      dragged = -std::numeric_limits<float>::infinity();
    else if (active)
      dragged = ImGui::GetIO().MouseDelta.x;
  }
  ImGui::End();
  return dragged;
}

}  // namespace facemorph
