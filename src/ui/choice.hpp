#pragma once

#include "ui/ui.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace facemorph {

/// A list to choose one value from. The control is recorded as `name`, its lines as "name: text".
template <typename T, std::size_t N>
void draw_choice(Ui& ui, const char* name, const char* tip, T* value,
                 const std::array<std::pair<T, const char*>, N>& choices, float width) {
  const auto current = std::ranges::find(choices, *value, &std::pair<T, const char*>::first);
  const std::string id = std::string("##") + name;
  const bool open = ui.begin_combo(id.c_str(), tip, current->second, width);
  if (!open) {
    ui.record_item(name);
    return;
  }
  for (const auto& [choice, text] : choices) {
    if (ImGui::Selectable(text, choice == *value)) *value = choice;
    ui.record_item(std::string(name) + ": " + text);
  }
  ImGui::EndCombo();
}

}  // namespace facemorph
