#include "app/panels/panels.hpp"

namespace facemorph {

PanelScope::PanelScope(const char* name, const Rect& area, ImGuiWindowFlags flags) {
  ImGui::SetNextWindowPos(area.min);
  ImGui::SetNextWindowSize({area.width(), area.height()});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0F);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | flags);
  ImGui::PopStyleVar();
}

PanelScope::~PanelScope() {
  ImGui::End();
}

}  // namespace facemorph
