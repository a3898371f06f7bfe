#include "app/dialogs/save_dialog.hpp"

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
  if (!viewer.model_is_bundled()) return viewer.model()->path.parent_path() / name;
  const char* home = std::getenv("HOME");
  return home != nullptr ? fs::path(home) / name : fs::path(name);
}

}  // namespace

bool SaveDialog::prepare(const ActionContext& context) {
  if (!context.viewer.model()) return false;
  std::snprintf(typed_.data(), typed_.size(), "%s", proposed_path(context.viewer).string().c_str());
  return true;
}

Dialog::Look SaveDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"Save the session", "save window", {ui.px(560), 0}};
}

void SaveDialog::draw(Ui& ui, const ActionContext& context) {
  ui.paragraph("Keeps the faces of the walk, the sum, the directions and the face on the stage.");
  ImGui::SetNextItemWidth(-1);
  ImGui::InputText("##session path", typed_.data(), typed_.size());
  ui.control("session path", Focus::Kind::Field);
  ui.tooltip("Where to keep it; a file that is there is replaced");
  const float width = ui.px(110);
  ImGui::Dummy({0, ui.px(4)});
  align_buttons(2, width);
  if (ui.button("Cancel", "Do not save", width)) end();
  ImGui::SameLine();
  const bool ready = typed_.front() != '\0';
  if (!ui.button("Save", "Write the session", width, ready) || !ready) return;
  context.viewer.save_session(typed_.data());
  end();
}

}  // namespace facemorph
