#include "app/action_groups.hpp"
#include "app/dialogs/dialogs.hpp"
#include "ui/focus.hpp"

// How things look, help, and what only the keyboard needs.

namespace facemorph {
namespace {

using Context = ActionContext;
constexpr SDL_GameControllerButton kNone = SDL_CONTROLLER_BUTTON_INVALID;

template <Filter kFilter>
Action enlarge(const char* id, const char* title, const char* tip, SDL_Keycode key) {
  return {Action::Group::View, id, title, tip, {{key}}, kNone, nullptr, [](const Context& c) {
            c.viewer.settings.filter = kFilter;
          }};
}

template <SideTab kTab>
Action show(const char* id, const char* title, const char* tip, SDL_Keycode key) {
  return {
      Action::Group::View, id,    title,   tip,
      {{key, kControl}},   kNone, nullptr, [](const Context& c) { c.window.wanted_tab = kTab; }};
}

}  // namespace

std::vector<Action> view_actions() {
  constexpr Action::Group kGroup = Action::Group::View;
  return {
      show<SideTab::Dimensions>("view.latent", "Latent tab",
                                "Every dimension of the face on the stage", SDLK_1),
      show<SideTab::Directions>("view.directions", "Directions tab", "Sliders with a meaning",
                                SDLK_2),
      show<SideTab::Sum>("view.sum", "Sum tab", "Add faces, and take them away", SDLK_3),
      show<SideTab::Pad>("view.pad", "Pad tab", "Blend four faces with one hand", SDLK_4),
      show<SideTab::Model>("view.model", "Model tab", "What is open, and how it runs", SDLK_5),
      show<SideTab::Train>("view.train", "Train tab",
                           "Teach a model your own pictures, and watch it learn", SDLK_6),
      enlarge<Filter::Nearest>("view.nearest", "Enlarge: nearest", "The network's own pixels",
                               SDLK_1),
      enlarge<Filter::Bilinear>("view.bilinear", "Enlarge: bilinear", "Soft", SDLK_2),
      enlarge<Filter::CatmullRom>("view.catmull_rom", "Enlarge: Catmull-Rom", "Crisp", SDLK_3),
      enlarge<Filter::Lanczos3>("view.lanczos", "Enlarge: Lanczos", "Sharpest", SDLK_4),
      {kGroup,
       "view.full_screen",
       "Full screen",
       "Give the whole screen to Facemorph, or no longer",
       {{SDLK_F11}},
       kNone,
       nullptr,
       [](const Context& c) { c.window.fullscreen = !c.window.fullscreen; }},
      {kGroup,
       "view.frame_times",
       "Save frame times",
       "Write how long each of the last 36,000 frames took as a table (.csv) into your documents "
       "folder, to find out when and why the window was slow",
       {},
       kNone,
       nullptr,
       [](const Context& c) { c.window.save_trace = true; }},
  };
}

std::vector<Action> help_actions() {
  constexpr Action::Group kGroup = Action::Group::Help;
  return {
      {kGroup,
       "help.palette",
       "Find an action…",
       "Everything that can be done: type a word of it, see its key, press Enter to do it",
       {{SDLK_k, kControl}, {SDLK_F1}},
       kNone,
       nullptr,
       [](const Context& c) { c.dialogs.open(DialogName::Palette); }},
      {kGroup,
       "help.keys",
       "Keyboard shortcuts",
       "Everything that has a key",
       {{SDLK_QUESTION}},
       SDL_CONTROLLER_BUTTON_BACK,
       nullptr,
       [](const Context& c) { c.dialogs.open(DialogName::Keys); }},
      {kGroup,
       "help.about",
       "About Facemorph",
       "Versions and licences",
       {},
       kNone,
       nullptr,
       [](const Context& c) { c.dialogs.open(DialogName::About); }},
  };
}

std::vector<Action> keyboard_actions() {
  constexpr Action::Group kGroup = Action::Group::Keyboard;
  return {
      {kGroup,
       "focus.next",
       "To the next control",
       "Gives it the keyboard's focus",
       {{SDLK_TAB}},
       kNone,
       nullptr,
       [](const Context& c) { c.focus.walk(1); }},
      {kGroup,
       "focus.previous",
       "To the control before",
       "Gives it the keyboard's focus",
       {{SDLK_TAB, false, kShift}},
       kNone,
       nullptr,
       [](const Context& c) { c.focus.walk(-1); }},
      {kGroup,
       "focus.next_panel",
       "To the next panel",
       "Gives its first control the keyboard's focus",
       {{SDLK_F6}, {SDLK_TAB, kControl}},
       kNone,
       nullptr,
       [](const Context& c) { c.focus.walk_panels(1); }},
      {kGroup,
       "focus.previous_panel",
       "To the panel before",
       "Gives its first control the keyboard's focus",
       {{SDLK_F6, false, kShift}, {SDLK_TAB, kControl, kShift}},
       kNone,
       nullptr,
       [](const Context& c) { c.focus.walk_panels(-1); }},
      {kGroup,
       "focus.menu",
       "Menu of the control",
       "What else can be done with the favourite that has the focus: name it, move it, let it go",
       {{SDLK_APPLICATION}, {SDLK_F10, false, kShift}},
       kNone,
       nullptr,
       [](const Context& c) { c.focus.ask_menu(); }},
      {kGroup,
       "window.menu",
       "Menus",
       "Opens the first menu; arrows go through it and on to the others",
       {{SDLK_LALT}, {SDLK_F10}},
       kNone,
       nullptr,
       [](const Context& c) { c.window.menus.wanted = 0; }},
      {kGroup,
       "window.dismiss",
       "Back",
       "Closes a menu or a window, takes the focus off a control, dismisses a message, or lets go "
       "of "
       "a key of the time line",
       {{SDLK_ESCAPE}},
       kNone,
       nullptr,
       [](const Context& c) {
         if (c.focus.visible())
           c.focus.leave();
         else if (!c.viewer.notices.empty())
           c.viewer.notices.dismiss_newest();
         else
           c.viewer.editor.selected.reset();
       }},
  };
}

}  // namespace facemorph
