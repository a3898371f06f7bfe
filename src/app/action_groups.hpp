#pragma once

#include "app/actions.hpp"

#include <vector>

// The parts of the table of actions; actions() puts them together.

namespace facemorph {

std::vector<Action> file_actions();
std::vector<Action> edit_actions();
std::vector<Action> face_actions();
std::vector<Action> walk_actions();
std::vector<Action> view_actions();
std::vector<Action> help_actions();
std::vector<Action> keyboard_actions();

constexpr bool kControl = true;  ///< in a Chord
constexpr bool kShift = true;

bool has_model(const ActionContext& context);

}  // namespace facemorph
