#include "app/dialogs/save_dialog.hpp"

#include "session/session_file.hpp"
#include "ui/dialog.hpp"

#include <cstdio>
#include <cstdlib>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Beside the session or the model that is open, else at home.
fs::path proposed_path(const Viewer& viewer) {
  if (!viewer.session_path().empty()) return viewer.session_path();
  const std::string name = "walk" + std::string(kSessionExtension);
  if (!viewer.model.bundled()) return viewer.model.get()->path.parent_path() / name;
  const char* home = std::getenv("HOME");
  return home != nullptr ? fs::path(home) / name : fs::path(name);
}

}  // namespace

void SaveDialog::draw(Ui& ui, Viewer& viewer, WindowState& window) {
  const bool opened = window.show_save && !was_open_;
  if (opened)
    std::snprintf(typed_.data(), typed_.size(), "%s", proposed_path(viewer).string().c_str());
  was_open_ = window.show_save;
  const Dialog dialog("Save the session", &window.show_save, {ui.px(560), 0});
  if (!dialog) return;
  dialog.record(ui, "save window");
  ui.paragraph("Keeps the faces of the walk, the sum, the directions and the face on the stage.");
  if (opened) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputText("##session path", typed_.data(), typed_.size(),
                                        ImGuiInputTextFlags_EnterReturnsTrue);
  ui.record_item("session path");
  ui.tooltip("Where to keep it; a file that is there is replaced");
  const float width = ui.px(110);
  ImGui::Dummy({0, ui.px(4)});
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - 2 * width -
                       ImGui::GetStyle().ItemSpacing.x);
  if (ui.button("Cancel", "Do not save", width)) window.show_save = false;
  ImGui::SameLine();
  const bool ready = typed_.front() != '\0';
  if ((ui.button("Save", "Write the session", width, ready) || entered) && ready) {
    viewer.save_session(typed_.data());
    window.show_save = false;
  }
}

}  // namespace facemorph
