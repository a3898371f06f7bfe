#pragma once

#include <SDL.h>

#include <string>

namespace facemorph {

/// A key with what is held along with it.
struct Chord {
  SDL_Keycode key = SDLK_UNKNOWN;
  bool control = false;  ///< or the key of the system's own name
  bool shift = false;
  bool operator==(const Chord&) const = default;
};

/// What was pressed.
Chord chord_of(const SDL_Keysym& pressed);

/// As it is written in menus: "Ctrl+Shift+S", "Page Up", "?".
std::string chord_text(const Chord& chord);

/// As it is printed on most controllers: "A", "Left shoulder", "Cross up".
std::string pad_button_text(SDL_GameControllerButton button);

}  // namespace facemorph
