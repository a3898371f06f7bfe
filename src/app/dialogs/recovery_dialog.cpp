#include "app/dialogs/recovery_dialog.hpp"

#include "ui/dialog.hpp"

namespace facemorph {

bool RecoveryDialog::prepare(const ActionContext& context) {
  return context.viewer.recoverable();
}

Dialog::Look RecoveryDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"Go on where you were?", "recovery window", {ui.px(440), 0}};
}

void RecoveryDialog::draw(Ui& ui, const ActionContext& context) {
  ui.paragraph(
      "Facemorph ended without closing last time, with edits that were not saved. They were "
      "kept safe.");
  ImGui::Dummy({0, ui.px(4)});
  const float width = ui.px(130);
  align_buttons(2, width);
  if (ui.button("Start afresh", "Forgets those edits", width)) {
    context.viewer.forget_recovery();
    end();
  }
  ImGui::SameLine();
  if (ui.button("Recover", "Brings the session back", width, true)) {
    context.viewer.recover();
    end();
  }
}

void RecoveryDialog::closed(const ActionContext& context, bool dismissed) {
  if (dismissed) context.viewer.forget_recovery();
}

}  // namespace facemorph
