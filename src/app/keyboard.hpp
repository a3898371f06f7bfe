#pragma once

#include "app/actions.hpp"

#include <SDL.h>

namespace facemorph {

/// Whether a menu or a list of choices is open, over a dialog or over the panels.
bool menu_is_open(const Dialogs& dialogs);

/// Decides who hears a key: a menu or list that is open, else a dialog, else the text field that is
/// being typed into, else the control that has the focus, else the actions.
class Keyboard {
 public:
  /// Returns whether ImGui is not to hear of the event. May make another key of it.
  bool takes(SDL_Event& event, const ActionContext& context);

 private:
  bool lets_go(SDL_Keysym& key, const ActionContext& context);
  bool press_in_menu(SDL_Keysym& key, const ActionContext& context);

  bool alt_alone_ = false;    ///< Alt is down, and nothing else was pressed since
  bool enter_chose_ = false;  ///< Enter is down, as Space for ImGui
};

}  // namespace facemorph
