#pragma once

#include "app/panels/panels.hpp"

#include <SDL.h>

#include <span>

namespace facemorph {

struct ShortcutHelp {
  const char* keys;
  const char* what;
};
/// Every shortcut, for the help window.
std::span<const ShortcutHelp> shortcut_help();

/// Does what a key stands for. Call only while no text field has the keyboard.
void handle_key(const SDL_KeyboardEvent& key, Viewer& viewer, WindowState& window, TrainView& train,
                const FaceTiles& tiles);

/// Saves the session where it was saved before, else asks for a name.
void ask_to_save(Viewer& viewer, WindowState& window);

}  // namespace facemorph
