#include "app/dialogs/save_dialog.hpp"

#include "base/files.hpp"
#include "session/session_file.hpp"
#include "ui/dialog.hpp"

#include <cstdio>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Where it is saved already, else a new file beside the model, else at home.
fs::path proposed_path(const Viewer& viewer) {
  if (!viewer.session_path().empty()) return viewer.session_path();
  const fs::path folder =
      viewer.model.bundled() ? home_folder() : viewer.model.get()->path.parent_path();
  fs::path path = folder / ("walk" + std::string(kSessionExtension));
  std::error_code ignored;
  for (int n = 2; fs::exists(path, ignored); ++n)
    path = folder / ("walk-" + std::to_string(n) + kSessionExtension);
  return path;
}

}  // namespace

bool SaveDialog::prepare(const ActionContext& context) {
  if (!context.viewer.model.get()) return false;
  std::snprintf(typed_.data(), typed_.size(), "%s", proposed_path(context.viewer).string().c_str());
  looked_for_.clear();
  return true;
}

Dialog::Look SaveDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"Save the session", "save window", {ui.px(560), 0}};
}

/// Looks at the disk when the name has changed, not in every frame.
bool SaveDialog::is_taken(const Viewer& viewer) {
  fs::path path = fs::absolute(typed_.data());
  if (!is_session_name(path)) path += kSessionExtension;
  if (path != looked_for_) {
    std::error_code ignored;
    found_ = path != viewer.session_path() && fs::exists(path, ignored);
    looked_for_ = path;
  }
  return found_;
}

void SaveDialog::draw(Ui& ui, const ActionContext& context) {
  ui.paragraph("Keeps the faces of the walk, the sum, the directions and the face on the stage.");
  ImGui::SetNextItemWidth(-1);
  ImGui::InputText("##session path", typed_.data(), typed_.size());
  ui.control("session path", Focus::Kind::Field);
  ui.tooltip("Where to keep it");
  if (is_taken(context.viewer)) ui.paragraph("Another session of that name is there already.");
  const float width = ui.px(110);
  ImGui::Dummy({0, ui.px(4)});
  align_buttons(2, width);
  if (ui.button("Cancel", "Do not save", width)) end();
  ImGui::SameLine();
  const bool ready = typed_.front() != '\0';
  const bool replaces = ready && is_taken(context.viewer);
  const char* label = replaces ? "Replace##Save" : "Save";
  const bool pressed = ui.button(label, "Write the session", width, ready);
  ui.record_item("Save");
  if (!pressed || !ready) return;
  context.viewer.save_session(typed_.data());
  end();
}

}  // namespace facemorph
