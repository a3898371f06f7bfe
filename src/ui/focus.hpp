#pragma once

#include "ui/theme.hpp"

#include <SDL.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace facemorph {

/// Which control the keyboard acts on. It has a ring around it; without a ring, Space, Enter and
/// arrows are free for the window. Controls join in the order they are drawn, panel after panel.
class Focus {
 public:
  enum class Kind {
    Button,   ///< Enter or Space presses it
    Field,    ///< text: open for typing as soon as it has the focus
    Number,   ///< arrows change it, Enter opens it for typing
    Steered,  ///< arrows move something; it cannot be pressed
    Border    ///< the same, between panels
  };
  /// How often which arrow was pressed; ten times as far with Shift. Down is positive.
  struct Steps {
    int x = 0;
    int y = 0;
  };

  // --- keys, between frames ---------------------------------------------------------------------
  /// To the control after (1) the one that has the focus or was clicked last, or before it (-1).
  void walk(int by);
  /// To the first control of the panel after or before.
  void walk_panels(int by);
  /// Enter, Space or an arrow. Returns whether the focus has a use for it.
  bool press(SDL_Keycode key, bool shift);
  /// Opens the menu of the control that has the focus, where it has one.
  void ask_menu() { menu_asked_ = true; }
  /// An arrow is up again.
  void release(SDL_Keycode key);
  /// Takes the ring away. The next walk() goes on from where it was.
  void leave() { shown_ = false; }
  bool visible() const { return shown_ && found_; }
  /// A key is held that moves something.
  bool steering() const { return steering_ != SDLK_UNKNOWN; }

  // --- drawing ----------------------------------------------------------------------------------
  void begin_frame();
  /// What is drawn from here on is a dialog: walks stay in it. `fresh`: it has just appeared, and
  /// its first field gets the focus.
  void enter_dialog(bool fresh);
  /// The item drawn last is a control.
  void add(Kind kind);
  /// Whether the item drawn last has the ring.
  bool here() const;
  /// Arrows for the item drawn last, if it has the ring. Those that nobody takes move the focus.
  Steps take_steps(bool sideways_only);
  /// Whether the menu of the item drawn last is asked for.
  bool take_menu() { return here() && std::exchange(menu_asked_, false); }
  /// Gives the focus to another item.
  void move_to(ImGuiID id);
  /// Moves the ring by arrows that are left, and draws it.
  void end_frame(float scale);

  /// What is remembered while something else has the focus.
  struct Place {
    ImGuiID id = 0;
    bool shown = false;
  };
  Place place() const { return {at_, shown_}; }
  void return_to(const Place& place);

 private:
  struct Item {
    ImGuiID id;
    ImGuiWindow* window;
    ImVec2 min;
    ImVec2 max;
    Kind kind;
    bool dialog;
  };
  std::vector<Item> reachable() const;
  void go_to(const Item& item);
  const Item* current() const;
  void move(const Steps& steps);
  void draw_ring(const Item& item, float scale) const;

  std::vector<Item> items_;
  ImGuiID at_ = 0;
  std::size_t last_place_ = 0;  ///< of at_ among what was reachable: it may be gone
  bool shown_ = false;
  bool found_ = false;
  bool dialog_ = false;
  bool wants_field_ = false;
  bool menu_asked_ = false;
  Steps steps_;
  SDL_Keycode steering_ = SDLK_UNKNOWN;
};

}  // namespace facemorph
