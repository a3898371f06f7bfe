#include "app/dialogs/keys_dialog.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace facemorph {
namespace {

constexpr float kWidth = 800;
constexpr float kKeys = 132;    ///< of the column of keys
constexpr float kLineGap = 3;   ///< between two lines
constexpr float kGroupGap = 7;  ///< above a group's title

/// A line of the list: a group's title, or an action.
struct Line {
  std::string keys;
  std::string text;
  bool title = false;
};

std::vector<Line> lines_of_keys() {
  std::vector<Line> lines;
  const Action* before = nullptr;
  for (const Action& action : actions()) {
    if (action.keys.empty()) continue;
    if (before == nullptr || before->group != action.group)
      lines.push_back({{}, group_title(action.group), true});
    before = &action;
    lines.push_back({keys_text(action), action.title});
  }
  return lines;
}

std::vector<Line> lines_of_buttons() {
  std::vector<Line> lines = {{{}, "Game controller", true}};
  for (const Action& action : actions())
    if (action.button != SDL_CONTROLLER_BUTTON_INVALID)
      lines.push_back({pad_button_text(action.button), action.title});
  return lines;
}

void draw_line(Ui& ui, const Line& line) {
  if (line.title) {
    ImGui::Dummy({0, ui.px(kGroupGap) - ui.px(kLineGap)});
    ui.heading(line.text.c_str());
    return;
  }
  ImGui::TextUnformatted(line.keys.c_str());
  ImGui::SameLine(ui.px(kKeys));
  ui.dim_text(line.text.c_str());
  ui.record_item("key of " + line.text);
}

}  // namespace

bool KeysDialog::prepare(const ActionContext& context) {
  (void)context;
  return true;
}

Dialog::Look KeysDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"Keyboard shortcuts", "shortcuts window", {ui.px(kWidth), 0}};
}

void KeysDialog::draw(Ui& ui, const ActionContext& context) {
  (void)context;
  std::vector<Line> lines = lines_of_keys();
  const std::vector<Line> buttons = lines_of_buttons();
  lines.insert(lines.end(), buttons.begin(), buttons.end());
  // Two columns, of which the second begins with a group: the one next to the middle.
  const auto middle = lines.begin() + static_cast<std::ptrdiff_t>(lines.size() / 2);
  const auto second =
      std::find_if(middle, lines.end(), [](const Line& line) { return line.title; });
  const float half = ImGui::GetContentRegionAvail().x / 2;
  const FontScope font(ui.fonts.small);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(kLineGap)});
  const float left = ImGui::GetCursorPosX();
  ImGui::BeginGroup();
  for (auto line = lines.begin(); line != second; ++line)
    draw_line(ui, *line);
  ImGui::EndGroup();
  ImGui::SameLine(left + half);
  ImGui::BeginGroup();
  for (auto line = second; line != lines.end(); ++line)
    draw_line(ui, *line);
  ImGui::EndGroup();
  ImGui::PopStyleVar();
  ImGui::Dummy({0, ui.px(4)});
}

}  // namespace facemorph
