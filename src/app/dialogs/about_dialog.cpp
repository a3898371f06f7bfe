#include "app/dialogs/about_dialog.hpp"

#include "app/dialogs/versions.hpp"

#include <string>

namespace facemorph {

bool AboutDialog::prepare(const ActionContext& context) {
  (void)context;
  return true;
}

Dialog::Look AboutDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"About Facemorph", "about window", {ui.px(460), 0}};
}

void AboutDialog::draw(Ui& ui, const ActionContext& context) {
  {
    const FontScope font(ui.fonts.title);
    ImGui::TextUnformatted("Facemorph " FACEMORPH_VERSION);
  }
  ui.paragraph("Play with faces that never existed. Nobody in these pictures is real.");
  ImGui::Dummy({0, ui.px(4)});
  for (const auto& [name, version] : library_versions(context.viewer.model.engine_info())) {
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
