#include "ui/ui.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace facemorph {
namespace {

constexpr float kSteps = 100;  ///< of an arrow key, from one end of a slider to the other

}  // namespace

void Ui::begin_frame() {
  textures.begin_frame();
  widgets_.clear();
  focused_.clear();
  focus_.begin_frame();
}

void Ui::record(std::string_view name, const Rect& rect) {
  widgets_[std::string(name.substr(0, name.find("##")))] = rect;
}

void Ui::record_item(std::string_view name) {
  record(name, {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()});
  if (focus_.here()) focused_ = name.substr(0, name.find("##"));
}

void Ui::control(std::string_view name, Focus::Kind kind) {
  focus_.add(kind);
  record_item(name);
}

void Ui::progress_bar(const char* name, double share, float width) {
  if (width < 0) width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = px(6);
  const float top = at.y + (ImGui::GetFrameHeight() - height) / 2;
  const float done = std::max(height, width * static_cast<float>(share));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({at.x, top}, {at.x + width, top + height}, palette::kLine, height / 2);
  if (share > 0)
    list.AddRectFilled({at.x, top}, {at.x + done, top + height}, palette::kAccent, height / 2);
  ImGui::Dummy({width, ImGui::GetFrameHeight()});
  record_item(name);
}

void Ui::tooltip(const char* text) const {
  if (text == nullptr || !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  if (!pointer_rested || ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(px(300));
  ImGui::TextUnformatted(text);
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

bool Ui::button(const char* label, const char* tip, float width, bool primary) {
  primary = primary && !compat::is_disabled();
  if (primary) {
    ImGui::PushStyleColor(ImGuiCol_Button, palette::kAccent);
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, IM_COL32(255, 160, 122, 255));
    ImGui::PushStyleColor(ImGuiCol_ButtonActive, IM_COL32(235, 120, 76, 255));
    ImGui::PushStyleColor(ImGuiCol_Text, palette::kOnAccent);
  }
  const bool pressed = ImGui::Button(label, ImVec2(width, 0));
  if (primary) ImGui::PopStyleColor(4);
  control(label);
  tooltip(tip);
  return pressed || (primary && take_enter());
}

bool Ui::icon_button(const char* name, Icon icon, const char* tip, bool active) {
  const float side = ImGui::GetFrameHeight();
  const bool pressed = ImGui::InvisibleButton(name, ImVec2(side, side));
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 back = active ? palette::kAccentSoft : hovered ? palette::kHovered : palette::kRaised;
  list.AddRectFilled(rect.min, rect.max, back, ImGui::GetStyle().FrameRounding);
  draw_icon(list, icon, rect.centre(), side * 0.46F, active ? palette::kAccent : palette::kText);
  control(name);
  tooltip(tip);
  return pressed;
}

bool Ui::checkbox(const char* label, const char* tip, bool* value) {
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, px(1));  // seen without its tick, too
  ImGui::PushStyleColor(ImGuiCol_Border, palette::kHovered);
  const bool changed = ImGui::Checkbox(label, value);
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  control(label);
  tooltip(tip);
  return changed;
}

bool Ui::slider(const char* label, const char* tip, float* value, const SliderRange& range,
                const char* format, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  if (width < 0) width = ImGui::GetContentRegionAvail().x;
  const float height = ImGui::GetFrameHeight();
  const float bar = px(4);
  const float top = at.y + height - bar;
  const auto place = [&](float v) {
    const float share = std::clamp((v - range.low) / (range.high - range.low), 0.0F, 1.0F);
    return at.x + px(3) + share * (width - px(6));
  };
  // The bar runs along the foot, so that the number stays legible.
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool hovered = ImGui::IsMouseHoveringRect(at, {at.x + width, at.y + height});
  list.AddRectFilled(at, {at.x + width, at.y + height},
                     hovered ? palette::kHovered : palette::kRaised, px(4));
  const float origin = place(range.origin);
  const float handle = place(*value);
  list.AddRectFilled({std::min(origin, handle), top}, {std::max(origin, handle), top + bar},
                     range.dimmed ? palette::kHovered : IM_COL32(255, 138, 92, 150));
  list.AddRectFilled({handle - px(3), top - px(1)}, {handle + px(3), top + bar},
                     range.dimmed ? palette::kDim : palette::kAccent, px(2));

  constexpr ImGuiCol kHidden[] = {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive,
                                  ImGuiCol_SliderGrab, ImGuiCol_SliderGrabActive};
  for (const ImGuiCol slot : kHidden)
    ImGui::PushStyleColor(slot, IM_COL32(0, 0, 0, 0));
  ImGui::SetNextItemWidth(width);
  bool changed = ImGui::SliderFloat(label, value, range.low, range.high, format);
  ImGui::PopStyleColor(static_cast<int>(std::size(kHidden)));
  control(label, Focus::Kind::Number);
  tooltip(tip);
  if (const int steps = focus_.take_steps(true).x; steps != 0) {
    *value = std::clamp(*value + static_cast<float>(steps) * (range.high - range.low) / kSteps,
                        range.low, range.high);
    changed = true;
  }
  // For as long as the second click is held: the slider itself would follow the mouse again.
  if (ImGui::IsItemActive() && ImGui::GetIO().MouseClickedLastCount[0] >= 2) {
    *value = range.reset;
    changed = true;
  }
  return changed;
}

bool Ui::number(const char* name, const char* tip, float* value, const NumberRange& range,
                const char* format, float width) {
  ImGui::SetNextItemWidth(width);
  const std::string id = std::string("##") + name;
  const auto low = static_cast<float>(range.low);
  const auto high = static_cast<float>(range.high);
  const auto step = static_cast<float>(range.step);
  bool changed =
      ImGui::DragFloat(id.c_str(), value, step, low, high, format, ImGuiSliderFlags_AlwaysClamp);
  control(name, Focus::Kind::Number);
  tooltip(tip);
  if (const int steps = focus_.take_steps(true).x; steps != 0) {
    *value = std::clamp(*value + step * static_cast<float>(steps), low, high);
    changed = true;
  }
  return changed;
}

bool Ui::number(const char* name, const char* tip, int* value, const NumberRange& range,
                const char* format, float width) {
  ImGui::SetNextItemWidth(width);
  const std::string id = std::string("##") + name;
  const int low = static_cast<int>(range.low);
  const int high = static_cast<int>(range.high);
  bool changed = ImGui::DragInt(id.c_str(), value, static_cast<float>(range.step), low, high,
                                format, ImGuiSliderFlags_AlwaysClamp);
  control(name, Focus::Kind::Number);
  tooltip(tip);
  if (const int steps = focus_.take_steps(true).x; steps != 0) {
    *value = std::clamp(*value + static_cast<int>(range.step) * steps, low, high);
    changed = true;
  }
  return changed;
}

bool Ui::seed_input(const char* label, const char* tip, const char* hint,
                    std::optional<std::uint64_t>* seed, float width) {
  std::array<char, 24> text{};
  if (*seed) std::to_chars(text.data(), text.data() + text.size() - 1, **seed);
  ImGui::SetNextItemWidth(width);
  const bool entered = ImGui::InputTextWithHint(label, hint, text.data(), text.size(),
                                                ImGuiInputTextFlags_CharsDecimal |
                                                    ImGuiInputTextFlags_EnterReturnsTrue |
                                                    ImGuiInputTextFlags_AutoSelectAll);
  control(label, Focus::Kind::Field);
  tooltip(tip);
  if (!entered) return false;
  std::uint64_t value = 0;
  const char* end = std::find(text.data(), text.data() + text.size(), '\0');
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return false;
  *seed = value;
  return true;
}

bool Ui::begin_combo(const char* label, const char* tip, const char* preview, float width) {
  ImGui::SetNextItemWidth(width);
  const bool open = ImGui::BeginCombo(label, preview);
  if (!open) {
    control(label);
    tooltip(tip);
  }
  return open;
}

void Ui::heading(const char* text) const {
  const FontScope font(fonts.strong);
  ImGui::TextUnformatted(text);
}

void Ui::dim_text(const char* text) const {
  ImGui::PushStyleColor(ImGuiCol_Text, palette::kDim);
  ImGui::TextUnformatted(text);
  ImGui::PopStyleColor();
}

void Ui::paragraph(const char* text) const {
  ImGui::PushStyleColor(ImGuiCol_Text, palette::kDim);
  ImGui::PushTextWrapPos(0.0F);
  ImGui::TextUnformatted(text);
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
}

}  // namespace facemorph
