#include "app/dialogs/close_dialog.hpp"

#include "ui/dialog.hpp"

namespace facemorph {
namespace {

bool unsaved(const Viewer& viewer) {
  return !viewer.session_path().empty() && viewer.session_changed();
}

void place_buttons(Ui& ui, int count, float width) {
  ImGui::Dummy({0, ui.px(4)});
  align_buttons(count, width);
}

bool working(const Viewer& viewer) {
  return viewer.recorder().exporting() || viewer.training().active();
}

enum class Answer { None, Stay, Close };

Answer ask_about_export(Ui& ui, const Viewer& viewer) {
  Answer answer = Answer::None;
  const std::string name = viewer.recorder().target().filename().string();
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
  if (viewer.recorder().exporting()) ui.paragraph("The video that is being written is given up.");
  const float width = ui.px(132);
  const bool begun = viewer.training().progress().step > 0;
  place_buttons(ui, begun ? 3 : 2, width);
  if (ui.button("End training", "Saves and closes; the Train tab can continue it at any time",
                width))
    answer = Answer::Close;
  ImGui::SameLine();
  if (begun) {
    if (ui.button("Go on next time", "Saves and closes; it goes on when Facemorph is opened again",
                  width)) {
      viewer.continue_next_time();
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
  ui.paragraph((name + " was changed since it was saved.").c_str());
  const float width = ui.px(118);
  place_buttons(ui, 3, width);
  if (ui.button("Close anyway", "The changes are lost", width)) answer = Answer::Close;
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
  // A session that was never given a name is play: nobody wants to be asked about that.
  if (unsaved(context.viewer) || working(context.viewer)) return true;
  context.window.quit = true;
  return false;
}

Dialog::Look CloseDialog::look(const Ui& ui, const ActionContext& context) const {
  return {unsaved(context.viewer) ? "Save before closing?" : "Close while it is working?",
          "close window",
          {ui.px(460), 0}};
}

void CloseDialog::draw(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  Answer answer = Answer::Close;  // saved, or come to its end, meanwhile
  if (unsaved(viewer))
    answer = ask_to_save_first(ui, viewer);
  else if (viewer.training().active())
    answer = ask_about_training(ui, viewer);
  else if (working(viewer))
    answer = ask_about_export(ui, viewer);
  if (answer == Answer::Close) context.window.quit = true;
  if (answer != Answer::None) end();
}

}  // namespace facemorph
