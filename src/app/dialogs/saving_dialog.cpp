#include "app/dialogs/saving_dialog.hpp"

#include "ui/dialog.hpp"

#include <cstdio>

namespace facemorph {
namespace {

constexpr double kPatienceSeconds = 5.0;  // a disk that hangs is no reason to keep a person here

}  // namespace

bool SavingDialog::prepare(const ActionContext& context) {
  writing_.clear();
  return context.window.leaving;
}

Dialog::Look SavingDialog::look(const Ui& ui, const ActionContext& context) const {
  return {context.viewer.saving() ? "Saving …" : "Your work cannot be kept",
          "saving window",
          {ui.px(460), 0}};
}

void SavingDialog::draw(Ui& ui, const ActionContext& context) {
  if (const auto status = context.viewer.saving())
    tell(ui, context, status->file);
  else if (!context.viewer.keep_problem().empty())
    ask(ui, context);
  else
    ui.paragraph("Everything is saved.");
}

void SavingDialog::tell(Ui& ui, const ActionContext& context, const std::filesystem::path& file) {
  if (writing_ != file) {
    writing_ = file;
    since_ = ImGui::GetTime();
  }
  const double seconds = ImGui::GetTime() - since_;
  if (seconds < kPatienceSeconds) {
    ui.paragraph((file.filename().string() + " is being written.").c_str());
    return;
  }
  char text[64];
  std::snprintf(text, sizeof text, " has taken %.0f s so far", seconds);
  ui.paragraph((file.string() + text +
                ": the disk does not answer. If you close now, what is not written is lost.")
                   .c_str());
  const float width = ui.px(118);
  ImGui::Dummy({0, ui.px(4)});
  align_buttons(2, width);
  if (ui.button("Close anyway", "Does not wait for the disk", width)) {
    context.viewer.saver().give_up();
    context.window.quit = true;
  }
  ImGui::SameLine();
  if (!ui.button("Stay", "Do not close", width, true)) return;
  context.window.leaving = false;
  end();
}

void SavingDialog::ask(Ui& ui, const ActionContext& context) {
  ui.paragraph((context.viewer.keep_problem() +
                "\nIf you close now, what was not saved is not there the next time.")
                   .c_str());
  const float width = ui.px(118);
  ImGui::Dummy({0, ui.px(4)});
  align_buttons(3, width);
  if (ui.button("Close anyway", "What was not saved is lost", width)) context.window.quit = true;
  ImGui::SameLine();
  if (ui.button("Stay", "Do not close", width)) {
    context.window.leaving = false;
    end();
  }
  ImGui::SameLine();
  if (ui.button("Try again", "When there is room", width, true)) context.viewer.keep_all();
}

void SavingDialog::closed(const ActionContext& context, bool dismissed) {
  if (dismissed) context.window.leaving = false;
}

}  // namespace facemorph
