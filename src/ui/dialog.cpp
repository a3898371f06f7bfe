#include "ui/dialog.hpp"

#include <algorithm>

namespace facemorph {

DialogScope::DialogScope(const char* title, bool* open, ImVec2 size) {
  if (!ImGui::IsPopupOpen(title)) ImGui::OpenPopup(title);
  const ImGuiViewport& screen = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(screen.GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
  ImGui::SetNextWindowSize(
      {std::min(size.x, screen.Size.x * 0.94F), std::min(size.y, screen.Size.y * 0.94F)});
  const ImGuiStyle& style = ImGui::GetStyle();  // the title stands above the text
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {style.WindowPadding.x, style.FramePadding.y});
  visible_ = ImGui::BeginPopupModal(
      title, open,
      ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
}

DialogScope::~DialogScope() {
  if (visible_) ImGui::EndPopup();
}

void DialogScope::record(Ui& ui, const char* name) const {
  const ImVec2 at = ImGui::GetWindowPos();
  ui.record(name, {at, {at.x + ImGui::GetWindowWidth(), at.y + ImGui::GetWindowHeight()}});
}

void align_buttons(int count, float width) {
  const auto buttons = static_cast<float>(count);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - buttons * width -
                       (buttons - 1) * ImGui::GetStyle().ItemSpacing.x);
}

}  // namespace facemorph
