#include "app/chord.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace facemorph {
namespace {

/// Where SDL's own name is not what is printed on keyboards, or not what people write.
constexpr std::array<std::pair<SDL_Keycode, const char*>, 11> kNames = {
    {{SDLK_PAGEUP, "Page Up"},
     {SDLK_PAGEDOWN, "Page Down"},
     {SDLK_ESCAPE, "Esc"},
     {SDLK_QUESTION, "?"},
     {SDLK_PLUS, "+"},
     {SDLK_MINUS, "−"},
     {SDLK_KP_PLUS, "Keypad +"},
     {SDLK_KP_MINUS, "Keypad −"},
     {SDLK_LALT, "Alt"},
     {SDLK_APPLICATION, "Menu"},
     {SDLK_DELETE, "Delete"}}};

constexpr std::array<std::pair<SDL_GameControllerButton, const char*>, 12> kButtons = {
    {{SDL_CONTROLLER_BUTTON_A, "A"},
     {SDL_CONTROLLER_BUTTON_B, "B"},
     {SDL_CONTROLLER_BUTTON_X, "X"},
     {SDL_CONTROLLER_BUTTON_Y, "Y"},
     {SDL_CONTROLLER_BUTTON_LEFTSHOULDER, "Left shoulder"},
     {SDL_CONTROLLER_BUTTON_RIGHTSHOULDER, "Right shoulder"},
     {SDL_CONTROLLER_BUTTON_DPAD_LEFT, "Cross left"},
     {SDL_CONTROLLER_BUTTON_DPAD_RIGHT, "Cross right"},
     {SDL_CONTROLLER_BUTTON_DPAD_UP, "Cross up"},
     {SDL_CONTROLLER_BUTTON_DPAD_DOWN, "Cross down"},
     {SDL_CONTROLLER_BUTTON_START, "Start"},
     {SDL_CONTROLLER_BUTTON_BACK, "Back"}}};

template <typename Names, typename Key>
const char* name_in(const Names& names, Key key) {
  const auto found = std::ranges::find(names, key, [](const auto& name) { return name.first; });
  return found == names.end() ? nullptr : found->second;
}

}  // namespace

Chord chord_of(const SDL_Keysym& pressed) {
  Chord chord{pressed.sym, (pressed.mod & (KMOD_CTRL | KMOD_GUI)) != 0,
              (pressed.mod & KMOD_SHIFT) != 0};
  if (chord.key == SDLK_SLASH && chord.shift) chord = {SDLK_QUESTION, chord.control, false};
  return chord;
}

std::string chord_text(const Chord& chord) {
  std::string text;
  if (chord.control) text += "Ctrl+";
  if (chord.shift) text += "Shift+";
  const char* name = name_in(kNames, chord.key);
  return text + (name != nullptr ? name : SDL_GetKeyName(chord.key));
}

std::string pad_button_text(SDL_GameControllerButton button) {
  const char* name = name_in(kButtons, button);
  return name != nullptr ? name : "";
}

}  // namespace facemorph
