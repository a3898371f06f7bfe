#pragma once

#include "app/chord.hpp"
#include "app/window_state.hpp"
#include "viewer/viewer.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace facemorph {

class Dialogs;
class Focus;

/// What actions and dialogs work on.
struct ActionContext {
  Viewer& viewer;
  WindowState& window;
  Dialogs& dialogs;
  Focus& focus;
};

/// Something that a person can do in the window: what menus, keys, controllers, the list of keys
/// and the command palette are made of.
struct Action {
  enum class Group { File, Edit, Face, Walk, View, Help, Keyboard };
  Group group;
  const char* id;     ///< "face.random"; stays the same for ever, others may refer to it
  const char* title;  ///< as in menus
  const char* tip;
  std::vector<Chord> keys;  ///< the first one is what menus show
  SDL_GameControllerButton button = SDL_CONTROLLER_BUTTON_INVALID;
  bool (*enabled)(const ActionContext&) = nullptr;  ///< null: always
  void (*run)(const ActionContext&) = nullptr;
  std::string (*label)(const Viewer&) = nullptr;  ///< a title that says more; null: the title
};

/// All of them, group by group.
std::span<const Action> actions();
const char* group_title(Action::Group group);

/// Throws std::out_of_range for an id that is none.
const Action& action(std::string_view id);
/// What a key stands for; null: nothing. Shift makes no difference where only the plain key is one.
const Action* action_of(const Chord& chord);
const Action* action_of(SDL_GameControllerButton button);

bool is_enabled(const Action& action, const ActionContext& context);
/// Does it, if it is enabled.
void run(const Action& action, const ActionContext& context);

std::string label_of(const Action& action, const Viewer& viewer);
/// "Ctrl+Shift+Z, Ctrl+Y"; empty: it has no key.
std::string keys_text(const Action& action);
/// The tooltip of a button that does it: "Play the walk (Space)".
std::string tip_with_key(const char* tip, std::string_view id);

}  // namespace facemorph
