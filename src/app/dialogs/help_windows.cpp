#include "app/panels/panels.hpp"

#include "app/dialogs/versions.hpp"
#include "app/shortcuts.hpp"
#include "ui/dialog.hpp"

#include <string>

namespace facemorph {
void draw_shortcuts_window(Ui& ui, WindowState& window) {
  const Dialog dialog("Keyboard shortcuts", &window.show_shortcuts, {ui.px(500), 0});
  if (!dialog) return;
  dialog.record(ui, "shortcuts window");
  for (const ShortcutHelp& line : shortcut_help()) {
    const float width = ImGui::CalcTextSize(line.keys).x;
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ui.px(120) - width);
    ui.heading(line.keys);
    ImGui::SameLine(ui.px(148));
    ui.dim_text(line.what);
  }
  ImGui::Dummy({0, ui.px(4)});
}

void draw_about_window(Ui& ui, const EngineInfo& engine, WindowState& window) {
  const Dialog dialog("About Facemorph", &window.show_about, {ui.px(460), 0});
  if (!dialog) return;
  dialog.record(ui, "about window");
  {
    const FontScope font(ui.fonts.title);
    ImGui::TextUnformatted("Facemorph " FACEMORPH_VERSION);
  }
  ui.paragraph("Play with faces that never existed. Nobody in these pictures is real.");
  ImGui::Dummy({0, ui.px(4)});
  for (const auto& [name, version] : library_versions(engine)) {
    ui.dim_text(name.c_str());
    ImGui::SameLine(ui.px(110));
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextUnformatted(version.c_str());
    ImGui::PopTextWrapPos();
  }
  ImGui::Dummy({0, ui.px(4)});
  ui.paragraph(
      "MIT licence. The libraries keep their own licences; third_party/README.md lists them, and "
      "the "
      "bundled model's card has its data and credits.");
}

}  // namespace facemorph
