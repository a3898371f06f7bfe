#pragma once

#include "ui/focus.hpp"
#include "ui/icons.hpp"
#include "ui/picture_textures.hpp"
#include "ui/theme.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace facemorph {

struct Rect {
  ImVec2 min;
  ImVec2 max;
  ImVec2 centre() const { return {(min.x + max.x) / 2, (min.y + max.y) / 2}; }
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
};

/// The controls every panel is made of: one look, a tooltip on each, and a record of where each one
/// is, by its label, so that tests and screenshots can find and click them.
class Ui {
 public:
  float scale = 1.0F;
  Fonts fonts;
  PictureTextures textures;
  bool pointer_rested = false;  ///< the pointer has been still for a moment: tooltips may show

  float px(float units) const { return units * scale; }
  void begin_frame();
  void end_frame() { focus_.end_frame(scale); }
  /// Where the keyboard is.
  Focus& focus() { return focus_; }
  const Focus& focus() const { return focus_; }
  /// The control that has the focus, by its label; empty: none.
  const std::string& focused() const { return focused_; }
  /// Controls of the frame drawn last, by label, in window coordinates.
  const std::unordered_map<std::string, Rect>& widgets() const { return widgets_; }
  void record(std::string_view name, const Rect& rect);
  void record_item(std::string_view name);
  /// The same of a control, which the keyboard reaches.
  void control(std::string_view name, Focus::Kind kind = Focus::Kind::Button);
  /// Enter presses the primary button that is drawn next, as in a dialog.
  void offer_enter(bool offered) { enter_ = offered; }
  /// Takes it for something else.
  bool take_enter() { return std::exchange(enter_, false); }

  /// `label` names the control; "text##id" shows only the text. Width 0: fit, -1: fill.
  bool button(const char* label, const char* tip, float width = 0.0F, bool primary = false);
  bool icon_button(const char* name, Icon icon, const char* tip, bool active = false);
  bool checkbox(const char* label, const char* tip, bool* value);
  /// A number over a bar that starts at `origin`. Drag, or Ctrl+click to type; a double click gives
  /// `reset`. Width as in ImGui (-1: fill). Values typed beyond the range are kept.
  struct SliderRange {
    float low = 0.0F;
    float high = 1.0F;
    float origin = 0.0F;
    float reset = 0.0F;
    bool dimmed = false;
  };
  bool slider(const char* label, const char* tip, float* value, const SliderRange& range,
              const char* format, float width);
  /// A number to drag, to type after a double click, or to change with the arrows, by its step.
  struct NumberRange {
    double step = 1;
    double low = 0;
    double high = 0;
  };
  bool number(const char* name, const char* tip, float* value, const NumberRange& range,
              const char* format, float width);
  bool number(const char* name, const char* tip, int* value, const NumberRange& range,
              const char* format, float width);
  /// Decimal digits only; empty shows the hint. True when Enter was pressed on a valid number.
  bool seed_input(const char* label, const char* tip, const char* hint,
                  std::optional<std::uint64_t>* seed, float width);
  bool begin_combo(const char* label, const char* tip, const char* preview, float width);

  /// How far something is, 0 … 1, as high as a line of text. Width -1: fill.
  void progress_bar(const char* name, double share, float width);

  /// Shows after a short rest on the item drawn last.
  void tooltip(const char* text) const;
  void heading(const char* text) const;
  void dim_text(const char* text) const;
  /// Dimmed text that wraps at the panel's edge.
  void paragraph(const char* text) const;

 private:
  std::unordered_map<std::string, Rect> widgets_;
  Focus focus_;
  std::string focused_;
  bool enter_ = false;
};

/// Whether an item that was pressed in this frame was so by the mouse, and not by a key.
inline bool pressed_by_mouse() {
  return ImGui::IsMouseReleased(ImGuiMouseButton_Left) ||
         ImGui::IsMouseClicked(ImGuiMouseButton_Left);
}

/// Pushes a font for a scope.
class FontScope {
 public:
  explicit FontScope(ImFont* font) { ImGui::PushFont(font); }
  ~FontScope() { ImGui::PopFont(); }
  FontScope(const FontScope&) = delete;
  FontScope& operator=(const FontScope&) = delete;
};

}  // namespace facemorph
