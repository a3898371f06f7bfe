#include "app/action_groups.hpp"

// Faces, the gallery and the walk.

namespace facemorph {
namespace {

using Context = ActionContext;
constexpr SDL_GameControllerButton kNone = SDL_CONTROLLER_BUTTON_INVALID;

/// The one that the keyboard points at, else the one on the stage.
Face chosen_face(const Context& c) {
  return c.window.meant.focused ? *c.window.meant.focused : c.viewer.editor.shown_face();
}

/// Marking is done to many faces one after the other, so the pointer counts as well.
Face marked_face(const Context& c) {
  if (!c.window.meant.focused && c.window.meant.hovered) return *c.window.meant.hovered;
  return chosen_face(c);
}

bool has_selected_face(const Context& c) {
  return c.viewer.editor.selected && !c.viewer.editor.selected->track;
}

}  // namespace

std::vector<Action> face_actions() {
  constexpr Action::Group kGroup = Action::Group::Face;
  return {
      {kGroup,
       "face.random",
       "Random face",
       "A face from a random seed; locked dimensions stay",
       {{SDLK_r}},
       SDL_CONTROLLER_BUTTON_X,
       has_model,
       [](const Context& c) { c.viewer.editor.random_face(); }},
      {kGroup,
       "face.near",
       "Face near this one",
       "Another face much like the one on the stage; locked dimensions stay",
       {{SDLK_n}},
       SDL_CONTROLLER_BUTTON_LEFTSHOULDER,
       has_model,
       [](const Context& c) { c.viewer.editor.jump_near(); }},
      {kGroup,
       "face.previous_seed",
       "Seed before",
       "The face of the seed before this one",
       {{SDLK_LEFT}},
       SDL_CONTROLLER_BUTTON_DPAD_LEFT,
       has_model,
       [](const Context& c) { c.viewer.editor.step_seed(-1); }},
      {kGroup,
       "face.next_seed",
       "Seed after",
       "The face of the next seed",
       {{SDLK_RIGHT}},
       SDL_CONTROLLER_BUTTON_DPAD_RIGHT,
       has_model,
       [](const Context& c) { c.viewer.editor.step_seed(1); }},
      {kGroup,
       "face.favourite",
       "Keep as a favourite",
       "Keep the face on the stage, or the one that has the focus, as a favourite, or no longer",
       {{SDLK_f}},
       SDL_CONTROLLER_BUTTON_Y,
       has_model,
       [](const Context& c) { c.viewer.editor.toggle_favourite(chosen_face(c)); }},
      {kGroup,
       "face.mark_has",
       "Mark: has it (A)",
       "Put the face under the pointer, else the one on the stage, into A of the sum, or take it "
       "out",
       {{SDLK_PLUS}, {SDLK_EQUALS}, {SDLK_KP_PLUS}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.editor.mark(marked_face(c), true); }},
      {kGroup,
       "face.mark_has_not",
       "Mark: has it not (B)",
       "Put the face under the pointer, else the one on the stage, into B of the sum, or take it "
       "out",
       {{SDLK_MINUS}, {SDLK_KP_MINUS}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.editor.mark(marked_face(c), false); }},
      {kGroup,
       "gallery.previous_page",
       "Gallery's page before",
       "The page of seeds before this one",
       {{SDLK_PAGEUP}},
       SDL_CONTROLLER_BUTTON_DPAD_UP,
       has_model,
       [](const Context& c) { c.viewer.gallery.turn(-1); }},
      {kGroup,
       "gallery.next_page",
       "Gallery's page after",
       "The next page of seeds",
       {{SDLK_PAGEDOWN}},
       SDL_CONTROLLER_BUTTON_DPAD_DOWN,
       has_model,
       [](const Context& c) { c.viewer.gallery.turn(1); }},
  };
}

std::vector<Action> walk_actions() {
  constexpr Action::Group kGroup = Action::Group::Walk;
  return {
      {kGroup,
       "walk.play",
       "Play or pause",
       "Play the walk, or let it stand still",
       {{SDLK_SPACE}},
       SDL_CONTROLLER_BUTTON_A,
       has_model,
       [](const Context& c) { c.viewer.editor.play(!c.viewer.animating()); }},
      {kGroup,
       "walk.add",
       "Add to the walk",
       "Add the face on the stage, or the one that has the focus, to the walk's end",
       {{SDLK_a}},
       SDL_CONTROLLER_BUTTON_RIGHTSHOULDER,
       has_model,
       [](const Context& c) { append_key(c.viewer.editor.state, chosen_face(c)); }},
      {kGroup,
       "walk.surprise",
       "New walk",
       "A walk through five random faces in place of this one",
       {},
       SDL_CONTROLLER_BUTTON_START,
       has_model,
       [](const Context& c) { c.viewer.editor.surprise_walk(); }},
      {kGroup,
       "walk.loop",
       "Loop",
       "Go on from the last face to the first, or end there",
       {{SDLK_l}},
       kNone,
       has_model,
       [](const Context& c) { set_loop(c.viewer.editor.state, !c.viewer.editor.state.walk.loop); }},
      {kGroup,
       "walk.start",
       "To the start",
       "To the walk's first moment",
       {{SDLK_HOME}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.editor.scrub(0); }},
      {kGroup,
       "walk.end",
       "To the end",
       "To the walk's last moment",
       {{SDLK_END}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.editor.scrub(c.viewer.editor.duration()); }},
      {kGroup,
       "walk.part_begins",
       "Play from here",
       "Playing begins at this moment",
       {{SDLK_i}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.editor.begin_region(); }},
      {kGroup,
       "walk.part_ends",
       "Play to here",
       "Playing ends at this moment",
       {{SDLK_o}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.editor.end_region(); }},
      {kGroup,
       "walk.whole",
       "Play all again",
       "No longer only a part of the walk",
       {{SDLK_x}},
       kNone,
       [](const Context& c) { return c.viewer.editor.region.has_value(); },
       [](const Context& c) { c.viewer.editor.region.reset(); }},
      {kGroup,
       "walk.duplicate_key",
       "Duplicate",
       "The selected face of the walk once more, behind it",
       {{SDLK_d}},
       kNone,
       has_selected_face,
       [](const Context& c) { c.viewer.editor.duplicate_key(c.viewer.editor.selected->key); }},
      {kGroup,
       "walk.remove_key",
       "Remove",
       "Take the selected key off the time line",
       {{SDLK_DELETE}, {SDLK_BACKSPACE}},
       kNone,
       [](const Context& c) { return c.viewer.editor.selected.has_value(); },
       [](const Context& c) { c.viewer.editor.remove_key(*c.viewer.editor.selected); }},
  };
}

}  // namespace facemorph
