#include "app/panels/panels.hpp"

#include "ui/dialog.hpp"

namespace facemorph {
namespace {

bool unsaved(const Viewer& viewer) {
  return !viewer.session_path().empty() && viewer.session_changed();
}

void place_buttons(Ui& ui, int count, float width) {
  ImGui::Dummy({0, ui.px(4)});
  const auto buttons = static_cast<float>(count);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - buttons * width -
                       (buttons - 1) * ImGui::GetStyle().ItemSpacing.x);
}

bool working(const Viewer& viewer) {
  return viewer.recorder().exporting() || viewer.training().active();
}

void ask_about_export(Ui& ui, const Viewer& viewer, WindowState& window) {
  const std::string name = viewer.recorder().target().filename().string();
  ui.paragraph((name + " is still being written. Closing now gives it up.").c_str());
  const float width = ui.px(118);
  place_buttons(ui, 2, width);
  if (ui.button("Close anyway", "Ends what is under way", width)) window.quit = true;
  ImGui::SameLine();
  if (ui.button("Stay", "Let it finish", width, true)) window.closing = false;
}

void ask_about_training(Ui& ui, Viewer& viewer, WindowState& window) {
  ui.paragraph(
      "A model is being trained. It is saved when the window closes, and can go on by itself when "
      "Facemorph is opened the next time.");
  if (viewer.recorder().exporting()) ui.paragraph("The video that is being written is given up.");
  const float width = ui.px(132);
  const bool begun = viewer.training().progress().step > 0;
  place_buttons(ui, begun ? 3 : 2, width);
  if (ui.button("End training", "Saves and closes; the Train tab can continue it at any time",
                width))
    window.quit = true;
  ImGui::SameLine();
  if (begun) {
    if (ui.button("Go on next time", "Saves and closes; it goes on when Facemorph is opened again",
                  width)) {
      viewer.continue_next_time();
      window.quit = true;
    }
    ImGui::SameLine();
  }
  if (ui.button("Stay", "Let it finish", width, true)) window.closing = false;
}

void ask_to_save_first(Ui& ui, Viewer& viewer, WindowState& window) {
  const std::string name = viewer.session_path().filename().string();
  ui.paragraph((name + " was changed since it was saved.").c_str());
  const float width = ui.px(118);
  place_buttons(ui, 3, width);
  if (ui.button("Close anyway", "The changes are lost", width)) window.quit = true;
  ImGui::SameLine();
  if (ui.button("Stay", "Do not close", width)) window.closing = false;
  ImGui::SameLine();
  // Closes when it is saved; if that fails, a message says why, and the window stays.
  if (ui.button("Save and close", "Writes the session", width, true))
    viewer.save_session(viewer.session_path());
}

}  // namespace

void draw_close_window(Ui& ui, Viewer& viewer, WindowState& window) {
  // A session that was never given a name is play: nobody wants to be asked about that.
  if (window.closing && !unsaved(viewer) && !working(viewer)) window.quit = true;
  const Dialog dialog(unsaved(viewer) ? "Save before closing?" : "Close while it is working?",
                      &window.closing, {ui.px(460), 0});
  if (!dialog) return;
  dialog.record(ui, "close window");
  if (unsaved(viewer))
    ask_to_save_first(ui, viewer, window);
  else if (viewer.training().active())
    ask_about_training(ui, viewer, window);
  else
    ask_about_export(ui, viewer, window);
}

}  // namespace facemorph
