#include "app/dialogs/command_palette.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace facemorph {
namespace {

constexpr float kWidth = 600;
constexpr float kHeight = 440;
constexpr std::size_t kPage = 10;

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::size_t from = 0;
  while ((from = text.find_first_not_of(' ', from)) != std::string::npos) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    words.push_back(text.substr(from, to - from));
    from = to;
  }
  return words;
}

/// 0: the title begins with it; 1: a title has all words; 2: title, group and explanation have;
/// 3: they have not.
int rank(const Action& action, const std::string& text, const std::vector<std::string>& words) {
  const std::string title = lower(action.title);
  const std::string all = title + " " + lower(group_title(action.group)) + " " + lower(action.tip);
  const auto has_words = [&](const std::string& where) {
    return std::ranges::all_of(
        words, [&](const std::string& word) { return where.find(word) != std::string::npos; });
  };
  if (title.starts_with(text)) return 0;
  return has_words(title) ? 1 : has_words(all) ? 2 : 3;
}

}  // namespace

std::vector<const Action*> find_actions(std::string_view text) {
  const std::string low = lower(text);
  const std::vector<std::string> words = words_of(low);
  std::vector<const Action*> found;
  for (int wanted = 0; wanted < 3; ++wanted)
    for (const Action& action : actions())
      if (action.group != Action::Group::Keyboard && rank(action, low, words) == wanted)
        found.push_back(&action);
  return found;
}

bool CommandPalette::prepare(const ActionContext& context) {
  (void)context;
  typed_.fill('\0');
  found_ = find_actions("");
  chosen_ = 0;
  to_run_ = nullptr;
  return true;
}

Dialog::Look CommandPalette::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {"Find an action", "command palette", {ui.px(kWidth), ui.px(kHeight)}};
}

bool CommandPalette::press(SDL_Keycode key) {
  const std::size_t last = found_.empty() ? 0 : found_.size() - 1;
  if (key == SDLK_DOWN)
    chosen_ = std::min(chosen_ + 1, last);
  else if (key == SDLK_UP)
    chosen_ -= std::min<std::size_t>(chosen_, 1);
  else if (key == SDLK_PAGEDOWN)
    chosen_ = std::min(chosen_ + kPage, last);
  else if (key == SDLK_PAGEUP)
    chosen_ -= std::min(chosen_, kPage);
  else
    return false;
  follow_ = true;
  return true;
}

/// Returns whether it was clicked.
bool CommandPalette::draw_line(Ui& ui, const ActionContext& context, const Action& action,
                               bool chosen) const {
  const bool enabled = is_enabled(action, context);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::BeginDisabled(!enabled);
  const std::string id = std::string("##") + action.id;
  const bool clicked = ImGui::Selectable(id.c_str(), chosen, ImGuiSelectableFlags_DontClosePopups,
                                         {0, ImGui::GetFrameHeight()});
  ImGui::EndDisabled();
  ui.record_item(std::string("action ") + action.id);
  ui.tooltip(action.tip);
  if (chosen && follow_) ImGui::SetScrollHereY();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float y = at.y + (ImGui::GetFrameHeight() - ImGui::GetTextLineHeight()) / 2;
  const std::string title = label_of(action, context.viewer);
  list.AddText({at.x + ui.px(8), y}, enabled ? palette::kText : palette::kDim, title.c_str());
  const float after = at.x + ui.px(8) + ImGui::CalcTextSize(title.c_str()).x + ui.px(12);
  const FontScope font(ui.fonts.small);
  const float small = at.y + (ImGui::GetFrameHeight() - ImGui::GetTextLineHeight()) / 2 + ui.px(1);
  list.AddText({after, small}, palette::kDim, group_title(action.group));
  if (action.keys.empty()) return clicked;
  const std::string key = chord_text(action.keys.front());
  const ImVec2 size = ImGui::CalcTextSize(key.c_str());
  const ImVec2 end{at.x + width - ui.px(8), small + size.y + ui.px(1)};
  const ImVec2 begin{end.x - size.x - ui.px(12), small - ui.px(1)};
  list.AddRectFilled(begin, end, palette::kRaised, ui.px(4));
  list.AddRect(begin, end, palette::kLine, ui.px(4));
  list.AddText({begin.x + ui.px(6), small}, enabled ? palette::kText : palette::kDim, key.c_str());
  return clicked;
}

void CommandPalette::draw_found(Ui& ui, const ActionContext& context) {
  ImGui::BeginChild("found");
  ImGui::PushStyleColor(ImGuiCol_Header, palette::kAccentSoft);
  if (found_.empty()) ui.paragraph("No action has these words.");
  for (std::size_t i = 0; i < found_.size(); ++i)
    if (draw_line(ui, context, *found_[i], i == chosen_)) to_run_ = found_[i];
  ImGui::PopStyleColor();
  follow_ = false;
  ImGui::EndChild();
}

void CommandPalette::draw(Ui& ui, const ActionContext& context) {
  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputTextWithHint("##words", "Type a word of what you want to do", typed_.data(),
                               typed_.size())) {
    found_ = find_actions(typed_.data());
    chosen_ = 0;
    follow_ = true;
  }
  ui.control("palette words", Focus::Kind::Field);
  ImGui::Dummy({0, ui.px(2)});
  draw_found(ui, context);
  if (ui.take_enter() && !found_.empty() && is_enabled(*found_[chosen_], context))
    to_run_ = found_[chosen_];
  if (to_run_ != nullptr) end();
}

void CommandPalette::closed(const ActionContext& context, bool dismissed) {
  if (!dismissed && to_run_ != nullptr) run(*to_run_, context);
}

}  // namespace facemorph
