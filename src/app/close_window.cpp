#include "app/panels.hpp"

#include "app/dialog.hpp"

namespace facemorph {

namespace {

bool unsaved(const Viewer& viewer) {
  return !viewer.session_path().empty() && viewer.session_changed();
}

}  // namespace

void draw_close_window(Ui& ui, Viewer& viewer, WindowState& window) {
  // A session that was never given a name is play: nobody wants to be asked about that.
  if (window.closing && !unsaved(viewer)) window.quit = true;
  const Dialog dialog("Save before closing?", &window.closing, {ui.px(440), 0});
  if (!dialog) return;
  dialog.record(ui, "close window");
  const std::string name = viewer.session_path().filename().string();
  ui.paragraph((name + " was changed since it was saved.").c_str());
  ImGui::Dummy({0, ui.px(4)});
  const float width = ui.px(118);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - 3 * width -
                       2 * ImGui::GetStyle().ItemSpacing.x);
  if (ui.button("Close anyway", "The changes are lost", width)) window.quit = true;
  ImGui::SameLine();
  if (ui.button("Stay", "Do not close", width)) window.closing = false;
  ImGui::SameLine();
  // Closes when it is saved; if that fails, a message says why, and the window stays.
  if (ui.button("Save and close", "Writes the session", width, true))
    viewer.save_session(viewer.session_path());
}

}  // namespace facemorph
