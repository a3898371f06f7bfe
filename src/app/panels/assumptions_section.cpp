#include "app/panels/panels.hpp"

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

std::string percent(const Certainty& certainty) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * certainty.confidence);
  return text;
}

/// "leaky relu 0.2", "64 px: view16 up2 …": the size of the picture tells a person most.
std::string shown(const std::string& option) {
  std::string text = option;
  std::ranges::replace(text, '_', ' ');
  const std::size_t size = text.find(" (");
  if (size == std::string::npos || !text.ends_with(" px)")) return text;
  return text.substr(size + 2, text.size() - size - 3) + ": " + text.substr(0, size);
}

/// The class of a conditional network is for a person to choose, not to be right about.
bool is_guess(const Choice& choice) {
  return choice.key != "class";
}

/// What is chosen, and at the right how sure it is.
void draw_title(const Ui& ui, const Choice& choice, const Certainty& certainty) {
  ui.dim_text(choice.title.c_str());
  if (!is_guess(choice)) return;
  const std::string sure = certainty.basis == Basis::Chosen ? "yours" : percent(certainty);
  const FontScope font(ui.fonts.small);
  ImGui::SameLine(ImGui::GetContentRegionMax().x - ImGui::CalcTextSize(sure.c_str()).x);
  ui.dim_text(sure.c_str());
}

void draw_choice(Ui& ui, OpenModel& open, const Choice& choice) {
  const Model& model = *open.get();
  const std::string& value = model.network->assumptions.at(choice.key);
  const Certainty& certainty = model.certainties.at(choice.key);
  draw_title(ui, choice, certainty);
  const std::string tip =
      !is_guess(choice) ? "Which of its classes the network shows"
      : certainty.basis == Basis::Chosen
          ? std::string("Chosen by you")
          : percent(certainty) + " sure: " + std::string(basis_text(certainty.basis));
  if (ui.begin_combo(("##" + choice.key).c_str(), tip.c_str(), shown(value).c_str(), -1)) {
    for (const std::string& option : choice.options) {
      if (ImGui::Selectable(shown(option).c_str(), option == value))
        open.assume(choice.key, option);
      ui.record_item("assume " + choice.key + "=" + option);
    }
    ImGui::EndCombo();
  } else {
    ui.record_item("assume " + choice.key);
  }
  ImGui::Dummy({0, ui.px(4)});
}

}  // namespace

void draw_assumptions(Ui& ui, OpenModel& open) {
  const auto model = open.get();  // stays while a choice changes it
  if (!leaves_choices(*model)) return;
  ui.heading("What is assumed");
  ui.paragraph(
      "The file does not say all about its network. This was found out by trying; change what "
      "looks wrong, and the faces follow.");
  if (!model->chosen.empty() &&
      ui.button("Forget my choices", "Finds everything out anew and removes what was kept", -1))
    open.forget_assumptions();
  ImGui::Dummy({0, ui.px(4)});
  const auto& choices = model->network->draft.choices;
  for (const bool guesses : {false, true})  // the class, which people choose, before the guesses
    for (const Choice& choice : choices)
      if (is_guess(choice) == guesses && choice.options.size() > 1) draw_choice(ui, open, choice);
}

}  // namespace facemorph
