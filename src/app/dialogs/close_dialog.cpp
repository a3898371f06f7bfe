#include "app/dialogs/close_dialog.hpp"

#include "ui/dialog.hpp"

#include <cstdio>

namespace facemorph {
namespace {

constexpr double kQuietSeconds = 0.3;     // a disk that answers needs no message
constexpr double kPatienceSeconds = 5.0;  // one that does not is no reason to keep a person here

void place_buttons(Ui& ui, int count, float width) {
  ImGui::Dummy({0, ui.px(4)});
  const auto buttons = static_cast<float>(count);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - buttons * width -
                       (buttons - 1) * ImGui::GetStyle().ItemSpacing.x);
}

bool working(const Viewer& viewer) {
  return viewer.recorder.exporting() || viewer.training.run().active();
}

/// Each returns whether the person leaves.
bool ask_about_export(Ui& ui, const Viewer& viewer, WindowState& window) {
  const std::string name = viewer.recorder.target().filename().string();
  ui.paragraph((name + " is still being written. Closing now gives it up.").c_str());
  const float width = ui.px(118);
  place_buttons(ui, 2, width);
  const bool leave = ui.button("Close anyway", "Ends what is under way", width);
  ImGui::SameLine();
  if (ui.button("Stay", "Let it finish", width, true)) window.closing = false;
  return leave;
}

bool ask_about_training(Ui& ui, Viewer& viewer, WindowState& window) {
  ui.paragraph(
      "A model is being trained. It is saved when the window closes, and can go on by itself when "
      "Facemorph is opened the next time.");
  if (viewer.recorder.exporting()) ui.paragraph("The video that is being written is given up.");
  const float width = ui.px(132);
  const bool begun = viewer.training.run().progress().step > 0;
  place_buttons(ui, begun ? 3 : 2, width);
  bool leave = ui.button("End training",
                         "Saves and closes; the Train tab can continue it at any time", width);
  ImGui::SameLine();
  if (begun) {
    if (ui.button("Go on next time", "Saves and closes; it goes on when Facemorph is opened again",
                  width)) {
      viewer.training.continue_next_time();
      leave = true;
    }
    ImGui::SameLine();
  }
  if (ui.button("Stay", "Let it finish", width, true)) window.closing = false;
  return leave;
}

bool ask_to_save_first(Ui& ui, Viewer& viewer, WindowState& window) {
  const std::string name = viewer.session_path().filename().string();
  ui.paragraph((name + " was changed since it was saved. Unless you save it, the file stays as it "
                       "is; the changes are here again when Facemorph is opened the next time.")
                   .c_str());
  const float width = ui.px(118);
  place_buttons(ui, 3, width);
  const bool leave = ui.button("Close", "The changes are kept for the next time", width);
  ImGui::SameLine();
  if (ui.button("Stay", "Do not close", width)) window.closing = false;
  ImGui::SameLine();
  // Closes when it is saved; if that fails, a message says why, and the window stays.
  if (ui.button("Save and close", "Writes the session", width, true))
    viewer.save_session(viewer.session_path());
  return leave;
}

}  // namespace

void CloseDialog::draw(Ui& ui, Viewer& viewer, WindowState& window) {
  if (!window.closing) {
    leaving_ = was_idle_ = false;
    return;
  }
  if (!leaving_ && !viewer.session_unsaved() && !working(viewer)) leaving_ = true;
  if (leaving_)
    leave(ui, viewer, window);
  else
    ask(ui, viewer, window);
}

void CloseDialog::ask(Ui& ui, Viewer& viewer, WindowState& window) {
  const bool unsaved = viewer.session_unsaved();
  const Dialog dialog(unsaved ? "Save before closing?" : "Close while it is working?",
                      &window.closing, {ui.px(460), 0});
  if (!dialog) return;
  dialog.record(ui, "close window");
  if (unsaved)
    leaving_ = ask_to_save_first(ui, viewer, window);
  else if (viewer.training.run().active())
    leaving_ = ask_about_training(ui, viewer, window);
  else
    leaving_ = ask_about_export(ui, viewer, window);
}

void CloseDialog::leave(Ui& ui, Viewer& viewer, WindowState& window) {
  if (!window.leaving) {
    window.leaving = true;
    writing_.clear();
    began_ = ImGui::GetTime();
    viewer.keep_all();
  }
  if (const auto status = viewer.saving()) {
    was_idle_ = false;
    if (writing_ != status->file) {
      writing_ = status->file;
      writing_since_ = ImGui::GetTime();
    }
    if (ImGui::GetTime() - began_ > kQuietSeconds) tell_saving(ui, viewer, window, *status);
  } else if (!was_idle_) {
    was_idle_ = true;  // what came of it is told in the next frame
  } else if (!viewer.keep_problem().empty()) {
    ask_about_problem(ui, viewer, window);
  } else {
    window.quit = true;
  }
  if (!window.closing) window.leaving = false;
}

void CloseDialog::tell_saving(Ui& ui, Viewer& viewer, WindowState& window,
                              const Saver::Status& status) {
  const Dialog dialog("Saving …", &window.closing, {ui.px(460), 0});
  if (!dialog) return;
  dialog.record(ui, "saving window");
  const double seconds = ImGui::GetTime() - writing_since_;
  if (seconds < kPatienceSeconds) {
    ui.paragraph((status.file.filename().string() + " is being written.").c_str());
    return;
  }
  char text[64];
  std::snprintf(text, sizeof text, " has taken %.0f s so far", seconds);
  ui.paragraph((status.file.string() + text +
                ": the disk does not answer. If you close now, what is not written is lost.")
                   .c_str());
  const float width = ui.px(118);
  place_buttons(ui, 2, width);
  if (ui.button("Close anyway", "Does not wait for the disk", width)) {
    viewer.saver().give_up();
    window.quit = true;
  }
  ImGui::SameLine();
  if (ui.button("Stay", "Do not close", width, true)) window.closing = false;
}

void CloseDialog::ask_about_problem(Ui& ui, Viewer& viewer, WindowState& window) {
  const Dialog dialog("Your work cannot be kept", &window.closing, {ui.px(460), 0});
  if (!dialog) return;
  dialog.record(ui, "keep problem window");
  ui.paragraph(
      (viewer.keep_problem() + "\nIf you close now, it is not there the next time.").c_str());
  const float width = ui.px(118);
  place_buttons(ui, 3, width);
  if (ui.button("Close anyway", "What was not saved is lost", width)) window.quit = true;
  ImGui::SameLine();
  if (ui.button("Stay", "Do not close", width)) window.closing = false;
  ImGui::SameLine();
  if (ui.button("Try again", "When there is room", width, true)) window.leaving = false;
}

}  // namespace facemorph
