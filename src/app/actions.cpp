#include "app/actions.hpp"

#include "app/action_groups.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace facemorph {
namespace {

const std::vector<Action>& table() {
  static const std::vector<Action> kAll = [] {
    std::vector<Action> actions;
    for (const auto& group : {file_actions(), edit_actions(), face_actions(), walk_actions(),
                              view_actions(), help_actions(), keyboard_actions()})
      actions.insert(actions.end(), group.begin(), group.end());
    return actions;
  }();
  return kAll;
}

}  // namespace

std::span<const Action> actions() {
  return table();
}

const char* group_title(Action::Group group) {
  switch (group) {
    case Action::Group::File:
      return "File";
    case Action::Group::Edit:
      return "Edit";
    case Action::Group::Face:
      return "Faces";
    case Action::Group::Walk:
      return "Walk";
    case Action::Group::View:
      return "View";
    case Action::Group::Help:
      return "Help";
    case Action::Group::Keyboard:
      break;
  }
  return "By keyboard alone";
}

const Action& action(std::string_view id) {
  const auto found = std::ranges::find(table(), id, &Action::id);
  if (found == table().end()) throw std::out_of_range("there is no action " + std::string(id));
  return *found;
}

const Action* action_of(const Chord& chord) {
  const auto with = [](const Chord& wanted) {
    const auto found = std::ranges::find_if(table(), [&](const Action& action) {
      return std::ranges::find(action.keys, wanted) != action.keys.end();
    });
    return found == table().end() ? nullptr : &*found;
  };
  const Action* exact = with(chord);
  if (exact != nullptr || !chord.shift) return exact;
  return with({chord.key, chord.control, false});
}

const Action* action_of(SDL_GameControllerButton button) {
  const auto found = std::ranges::find(table(), button, &Action::button);
  return found == table().end() || button == SDL_CONTROLLER_BUTTON_INVALID ? nullptr : &*found;
}

bool is_enabled(const Action& action, const ActionContext& context) {
  return action.enabled == nullptr || action.enabled(context);
}

void run(const Action& action, const ActionContext& context) {
  if (is_enabled(action, context)) action.run(context);
}

std::string label_of(const Action& action, const Viewer& viewer) {
  return action.label != nullptr ? action.label(viewer) : action.title;
}

std::string keys_text(const Action& action) {
  std::string text;
  for (const Chord& chord : action.keys)
    text += (text.empty() ? "" : ", ") + chord_text(chord);
  return text;
}

std::string tip_with_key(const char* tip, std::string_view id) {
  const std::vector<Chord>& keys = action(id).keys;
  return keys.empty() ? tip : std::string(tip) + " (" + chord_text(keys.front()) + ")";
}

}  // namespace facemorph
