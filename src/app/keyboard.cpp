#include "app/keyboard.hpp"

#include "app/dialogs/dialogs.hpp"
#include "ui/focus.hpp"

#include <utility>

namespace facemorph {
namespace {

bool is_enter(SDL_Keycode key) {
  return key == SDLK_RETURN || key == SDLK_KP_ENTER;
}

bool is_typing() {
  return ImGui::GetIO().WantTextInput;
}

/// On to the menu at the side, as in other programs; ImGui 1.86 stops there.
bool walk_menus(SDL_Keycode key, MenuState& menus) {
  if (!menus.open || compat::open_popups() != 1) return false;
  const int by = key == SDLK_LEFT ? -1 : key == SDLK_RIGHT && !menus.on_submenu ? 1 : 0;
  if (by != 0) menus.wanted = (*menus.open + by + MenuState::kCount) % MenuState::kCount;
  return by != 0;
}

bool press_in_dialog(const SDL_Keysym& key, const ActionContext& context) {
  const Chord chord = chord_of(key);
  if (key.sym == SDLK_ESCAPE) {
    context.dialogs.dismiss(context);
    return true;
  }
  if (key.sym == SDLK_TAB) {
    context.focus.walk(chord.shift ? -1 : 1);
    return true;
  }
  if (context.dialogs.press(key.sym)) return true;
  if (!is_typing() && context.focus.press(key.sym, chord.shift)) return true;
  if (is_enter(key.sym)) context.dialogs.press_enter();
  return false;
}

bool press_in_window(const SDL_Keysym& key, const ActionContext& context) {
  const Chord chord = chord_of(key);
  const bool walks = key.sym == SDLK_TAB || key.sym == SDLK_F6;
  if (is_typing() && !walks) return false;
  if (!chord.control && (key.mod & KMOD_ALT) == 0 && context.focus.press(key.sym, chord.shift))
    return true;
  const Action* action = (key.mod & KMOD_ALT) == 0 ? action_of(chord) : nullptr;
  if (action != nullptr) run(*action, context);
  return walks;
}

}  // namespace

bool menu_is_open(const Dialogs& dialogs) {
  return compat::open_popups() > (dialogs.any() ? 1 : 0);
}

bool Keyboard::press_in_menu(SDL_Keysym& key, const ActionContext& context) {
  if (walk_menus(key.sym, context.window.menus)) return true;
  const bool closes = key.sym == SDLK_ESCAPE || (is_enter(key.sym) && is_typing());
  if (closes) compat::close_popups(compat::open_popups() - 1);
  if (closes) return true;
  if (key.sym == SDLK_TAB && is_typing()) {
    compat::stop_typing();
    compat::show_menu_cursor();
  }
  if (is_enter(key.sym)) {  // ImGui 1.86 chooses with Space alone
    key.scancode = SDL_SCANCODE_SPACE;
    enter_chose_ = true;
  }
  return key.sym == SDLK_TAB;
}

/// A key is up again.
bool Keyboard::lets_go(SDL_Keysym& key, const ActionContext& context) {
  if (is_enter(key.sym) && std::exchange(enter_chose_, false)) key.scancode = SDL_SCANCODE_SPACE;
  context.focus.release(key.sym);
  if (key.sym != SDLK_LALT || !std::exchange(alt_alone_, false)) return false;
  if (menu_is_open(context.dialogs))
    compat::close_popups(context.dialogs.any() ? 1 : 0);
  else if (!context.dialogs.any())
    run(action("window.menu"), context);
  return false;
}

bool Keyboard::takes(SDL_Event& event, const ActionContext& context) {
  if (event.type == SDL_MOUSEBUTTONDOWN) {
    alt_alone_ = false;
    context.focus.leave();
  }
  if (event.type == SDL_KEYUP) return lets_go(event.key.keysym, context);
  if (event.type != SDL_KEYDOWN) return false;
  SDL_Keysym& key = event.key.keysym;
  alt_alone_ = key.sym == SDLK_LALT;
  if (alt_alone_) return false;
  if (menu_is_open(context.dialogs)) return press_in_menu(key, context);
  if (context.dialogs.any()) return press_in_dialog(key, context);
  return press_in_window(key, context);
}

}  // namespace facemorph
