#include "app/panels.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

/// Whether there is anything to choose; our own files say how they are run.
bool leaves_choices(const Model& model) {
  return model.network && std::ranges::any_of(model.certainties, [](const auto& entry) {
           return entry.second.basis != Basis::Stated;
         });
}

std::string how_sure(const Certainty& certainty) {
  char percent[16];
  std::snprintf(percent, sizeof percent, "%.0f %%", 100 * certainty.confidence);
  return certainty.basis == Basis::Chosen
             ? "chosen by you"
             : percent + (", " + std::string(basis_text(certainty.basis)));
}

void draw_choice(Ui& ui, Viewer& viewer, const Choice& choice) {
  const Model& model = *viewer.model();
  const std::string& value = model.network->assumptions.at(choice.key);
  ui.dim_text(choice.title.c_str());
  const std::string tip = how_sure(model.certainties.at(choice.key));
  if (ui.begin_combo(("##" + choice.key).c_str(), tip.c_str(), value.c_str(), -1)) {
    for (const std::string& option : choice.options) {
      if (ImGui::Selectable(option.c_str(), option == value)) viewer.assume(choice.key, option);
      ui.record_item("assume " + choice.key + "=" + option);
    }
    ImGui::EndCombo();
  } else {
    ui.record_item("assume " + choice.key);
  }
  ui.paragraph(tip.c_str());
}

}  // namespace

void draw_assumptions(Ui& ui, Viewer& viewer) {
  const auto model = viewer.model();  // stays while a choice changes it
  if (!leaves_choices(*model)) return;
  ui.heading("What is assumed");
  ui.paragraph(
      "The file does not say all about its network. This was found out by trying; change what "
      "looks wrong, and the faces follow.");
  for (const Choice& choice : model->network->draft.choices)
    if (choice.options.size() > 1) draw_choice(ui, viewer, choice);
  if (!model->chosen.empty() &&
      ui.button("Forget my choices", "Finds everything out anew and removes what was kept", -1))
    viewer.forget_assumptions();
}

}  // namespace facemorph
