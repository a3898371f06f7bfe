#include "app/dialogs/close_dialog.hpp"

#include "ui/dialog.hpp"

namespace facemorph {
namespace {

void place_buttons(Ui& ui, int count, float width) {
  ImGui::Dummy({0, ui.px(4)});
  align_buttons(count, width);
}

bool working(const Viewer& viewer) {
  return viewer.recorder.exporting() || viewer.training.run().active();
}

enum class Answer { None, Stay, Close };

Answer ask_about_export(Ui& ui, const Viewer& viewer) {
  Answer answer = Answer::None;
  const std::string name = viewer.recorder.target().filename().string();
  ui.paragraph((name + " is still being written. Closing now gives it up.").c_str());
  const float width = ui.px(118);
  place_buttons(ui, 2, width);
  if (ui.button("Close anyway", "Ends what is under way", width)) answer = Answer::Close;
  ImGui::SameLine();
  if (ui.button("Stay", "Let it finish", width, true)) answer = Answer::Stay;
  return answer;
}

Answer ask_about_training(Ui& ui, Viewer& viewer) {
  Answer answer = Answer::None;
  ui.paragraph(
      "A model is being trained. It is saved when the window closes, and can go on by itself when "
      "Facemorph is opened the next time.");
  if (viewer.recorder.exporting()) ui.paragraph("The video that is being written is given up.");
  const float width = ui.px(132);
  const bool begun = viewer.training.run().progress().step > 0;
  place_buttons(ui, begun ? 3 : 2, width);
  if (ui.button("End training", "Saves and closes; the Train tab can continue it at any time",
                width))
    answer = Answer::Close;
  ImGui::SameLine();
  if (begun) {
    if (ui.button("Go on next time", "Saves and closes; it goes on when Facemorph is opened again",
                  width)) {
      viewer.training.continue_next_time();
      answer = Answer::Close;
    }
    ImGui::SameLine();
  }
  if (ui.button("Stay", "Let it finish", width, true)) answer = Answer::Stay;
  return answer;
}

Answer ask_to_save_first(Ui& ui, Viewer& viewer) {
  Answer answer = Answer::None;
  const std::string name = viewer.session_path().filename().string();
  ui.paragraph((name + " was changed since it was saved. Unless you save it, the file stays as it "
                       "is; the changes are here again when Facemorph is opened the next time.")
                   .c_str());
  const float width = ui.px(118);
  place_buttons(ui, 3, width);
  if (ui.button("Close", "The changes are kept for the next time", width)) answer = Answer::Close;
  ImGui::SameLine();
  if (ui.button("Stay", "Do not close", width)) answer = Answer::Stay;
  ImGui::SameLine();
  // Closes when it is saved; if that fails, a message says why, and the window stays.
  if (ui.button("Save and close", "Writes the session", width, true))
    viewer.save_session(viewer.session_path());
  return answer;
}

}  // namespace

bool CloseDialog::prepare(const ActionContext& context) {
  // What has no name is kept for the next time: there is nothing to ask.
  if (context.viewer.session_unsaved() || working(context.viewer)) return true;
  context.window.leaving = true;
  return false;
}

Dialog::Look CloseDialog::look(const Ui& ui, const ActionContext& context) const {
  return {context.viewer.session_unsaved() ? "Save before closing?" : "Close while it is working?",
          "close window",
          {ui.px(460), 0}};
}

void CloseDialog::draw(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  Answer answer = Answer::Close;  // saved, or come to its end, meanwhile
  if (viewer.session_unsaved())
    answer = ask_to_save_first(ui, viewer);
  else if (viewer.training.run().active())
    answer = ask_about_training(ui, viewer);
  else if (working(viewer))
    answer = ask_about_export(ui, viewer);
  if (answer == Answer::Close) context.window.leaving = true;
  if (answer != Answer::None) end();
}

}  // namespace facemorph
