#include "app/dialogs/save_dialog.hpp"

#include "base/files.hpp"
#include "session/session_file.hpp"
#include "ui/dialog.hpp"

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// Beside the model, else at home.
fs::path first_path(const Viewer& viewer) {
  const fs::path folder =
      viewer.model.bundled() ? home_folder() : viewer.model.get()->path.parent_path();
  return folder / ("walk" + std::string(kSessionExtension));
}

/// What would be replaced; its own file is none.
fs::path target_of(const Viewer& viewer, const fs::path& name) {
  const fs::path path = session_path_of(name);
  return path == viewer.session_path() ? fs::path() : path;
}

}  // namespace

bool SaveDialog::prepare(const ActionContext& context) {
  const Viewer& viewer = context.viewer;
  if (!viewer.model.get()) return false;
  if (viewer.session_path().empty())
    name_.propose(first_path(viewer), std::string(kSessionExtension));
  else
    name_.show(viewer.session_path());
  return true;
}

Dialog::Look SaveDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"Save the session", "save window", {ui.px(560), 0}};
}

void SaveDialog::draw(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  ui.paragraph("Keeps the faces of the walk, the sum, the directions and the face on the stage.");
  name_.draw(ui, "session path", "Where to keep it",
             [&](const fs::path& name) { return target_of(viewer, name); });
  if (name_.taken()) ui.paragraph("Another session of that name is there already.");
  if (name_.needs_folder()) ui.paragraph("Its folder is not there yet; it will be made.");
  if (name_.waiting()) ui.paragraph("Looking whether that name is free …");
  const float width = ui.px(110);
  ImGui::Dummy({0, ui.px(4)});
  align_buttons(2, width);
  if (ui.button("Cancel", "Do not save", width)) end();
  ImGui::SameLine();
  const bool ready = !name_.empty();
  const char* label = ready && name_.taken() ? "Replace##Save" : "Save";
  const bool pressed = ui.button(label, "Write the session", width, ready);
  ui.record_item("Save");
  if (!ready || !name_.confirm(pressed)) return;
  viewer.save_session(name_.path());
  end();
}

}  // namespace facemorph
