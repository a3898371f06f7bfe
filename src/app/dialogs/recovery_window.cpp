#include "app/panels/panels.hpp"

#include "ui/dialog.hpp"

namespace facemorph {

void draw_recovery_window(Ui& ui, Viewer& viewer) {
  bool open = viewer.recoverable() && viewer.model() != nullptr;
  const bool asked = open;
  {
    const Dialog dialog("Go on where you were?", &open, {ui.px(440), 0});
    if (dialog) {
      dialog.record(ui, "recovery window");
      ui.paragraph(
          "Facemorph ended without closing last time, with edits that were not saved. They were "
          "kept safe.");
      ImGui::Dummy({0, ui.px(4)});
      const float width = ui.px(130);
      ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - 2 * width -
                           ImGui::GetStyle().ItemSpacing.x);
      if (ui.button("Start afresh", "Forgets those edits", width)) viewer.forget_recovery();
      ImGui::SameLine();
      if (ui.button("Recover", "Brings the session back", width, true)) viewer.recover();
    }
  }
  if (asked && !open && viewer.recoverable()) viewer.forget_recovery();  // its cross
}

}  // namespace facemorph
