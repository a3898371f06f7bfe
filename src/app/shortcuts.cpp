#include "app/shortcuts.hpp"

#include <array>
#include <memory>

namespace facemorph {
namespace {

constexpr std::array<ShortcutHelp, 27> kHelp = {{
    {"Space", "Play or pause the walk"},
    {"R", "A random face (locked dimensions stay)"},
    {"N", "A face near this one"},
    {"Left, Right", "The seed before or after"},
    {"Page Up, Down", "Turn the gallery's page"},
    {"A", "Add the face on the stage to the walk"},
    {"F", "Keep the face on the stage as a favourite"},
    {"+, −", "The face under the pointer has it (A), has it not (B)"},
    {"L", "Loop the walk"},
    {"Home, End", "To the walk's start or end"},
    {"I, O, X", "Play from here, to here, all of the walk again"},
    {"D", "Duplicate the selected face of the walk"},
    {"Delete", "Remove the selected key"},
    {"1 … 4", "Enlarge: nearest, bilinear, Catmull-Rom, Lanczos"},
    {"Ctrl+Z", "Undo"},
    {"Ctrl+Shift+Z", "Redo"},
    {"Ctrl+C, Ctrl+V", "Copy the face as text, show the face that was copied"},
    {"Ctrl+N", "Begin afresh"},
    {"Ctrl+O", "Open a model or a session"},
    {"Ctrl+S", "Save the session"},
    {"Ctrl+P", "Save the picture"},
    {"Ctrl+E", "Export the walk as a video"},
    {"F9", "Record what the stage shows, or end that"},
    {"F11", "Full screen"},
    {"Esc", "Dismiss a message"},
    {"? or F1", "This list"},
    {"Ctrl+Q", "Quit"},
}};

void paste(Viewer& viewer) {
  const std::unique_ptr<char, decltype(&SDL_free)> text(SDL_GetClipboardText(), SDL_free);
  viewer.editor.paste_face(text ? text.get() : "");
}

void handle_control_key(SDL_Keycode key, bool shift, Viewer& viewer, WindowState& window) {
  if (key == SDLK_c && viewer.model.get()) SDL_SetClipboardText(viewer.editor.copy_face().c_str());
  if (key == SDLK_v) paste(viewer);
  if (key == SDLK_z && !shift) viewer.undo();
  if (key == SDLK_y || (key == SDLK_z && shift)) viewer.redo();
  if (key == SDLK_n) viewer.editor.begin_afresh();
  if (key == SDLK_o) window.show_open = true;
  if (key == SDLK_p && viewer.model.get()) viewer.save_picture();
  if (key == SDLK_s && shift) window.show_save = viewer.model.get() != nullptr;
  if (key == SDLK_s && !shift) ask_to_save(viewer, window);
  if (key == SDLK_e && viewer.model.get()) window.show_export = true;
  if (key == SDLK_q) window.closing = true;
}

void handle_viewing_key(SDL_Keycode key, Viewer& viewer, const FaceTiles& tiles) {
  switch (key) {
    case SDLK_SPACE:
      viewer.editor.play(!viewer.animating());
      break;
    case SDLK_r:
      viewer.editor.random_face();
      break;
    case SDLK_n:
      viewer.editor.jump_near();
      break;
    case SDLK_LEFT:
      viewer.editor.step_seed(-1);
      break;
    case SDLK_RIGHT:
      viewer.editor.step_seed(1);
      break;
    case SDLK_PAGEUP:
      viewer.gallery.turn(-1);
      break;
    case SDLK_PAGEDOWN:
      viewer.gallery.turn(1);
      break;
    case SDLK_a:
      viewer.editor.add_shown_to_walk();
      break;
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
      viewer.editor.mark(tiles.pointed().value_or(viewer.editor.shown_face()), true);
      break;
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
      viewer.editor.mark(tiles.pointed().value_or(viewer.editor.shown_face()), false);
      break;
    case SDLK_f:
      viewer.editor.toggle_favourite(viewer.editor.shown_face());
      break;
    case SDLK_l:
      set_loop(viewer.editor.state, !viewer.editor.state.walk.loop);
      break;
    case SDLK_HOME:
      viewer.editor.scrub(0);
      break;
    case SDLK_END:
      viewer.editor.scrub(viewer.editor.duration());
      break;
    case SDLK_i:
      viewer.editor.begin_region();
      break;
    case SDLK_o:
      viewer.editor.end_region();
      break;
    case SDLK_x:
      viewer.editor.region.reset();
      break;
    case SDLK_d:
      if (viewer.editor.selected && !viewer.editor.selected->track)
        viewer.editor.duplicate_key(viewer.editor.selected->key);
      break;
    case SDLK_DELETE:
    case SDLK_BACKSPACE:
      if (viewer.editor.selected) viewer.editor.remove_key(*viewer.editor.selected);
      break;
    default:
      if (key >= SDLK_1 && key <= SDLK_4)
        viewer.settings.filter = static_cast<Filter>(key - SDLK_1);
  }
}

}  // namespace

void ask_to_save(Viewer& viewer, WindowState& window) {
  if (!viewer.model.get()) return;
  if (viewer.session_path().empty())
    window.show_save = true;
  else
    viewer.save_session(viewer.session_path());
}

std::span<const ShortcutHelp> shortcut_help() {
  return kHelp;
}

void handle_key(const SDL_KeyboardEvent& key, Viewer& viewer, WindowState& window, TrainView& train,
                const FaceTiles& tiles) {
  const SDL_Keycode code = key.keysym.sym;
  const bool question =
      code == SDLK_QUESTION || (code == SDLK_SLASH && (key.keysym.mod & KMOD_SHIFT) != 0);
  if ((key.keysym.mod & (KMOD_CTRL | KMOD_GUI)) != 0) {
    handle_control_key(code, (key.keysym.mod & KMOD_SHIFT) != 0, viewer, window);
  } else if (question || code == SDLK_F1) {
    window.show_shortcuts = !window.show_shortcuts;
  } else if (code == SDLK_F9) {
    viewer.toggle_recording();
  } else if (code == SDLK_F11) {
    window.fullscreen = !window.fullscreen;
  } else if (code == SDLK_ESCAPE) {
    if (window.closing)
      window.closing = false;
    else if (window.show_shortcuts || window.show_about || window.show_open || window.show_save ||
             window.show_export)
      window.show_shortcuts = window.show_about = window.show_open = window.show_save =
          window.show_export = false;
    else if (train.browse_pictures || train.compare_moments)
      train.browse_pictures = train.compare_moments = false;
    else if (!viewer.notices.empty())
      viewer.notices.dismiss_newest();
  } else if (viewer.model.get()) {
    handle_viewing_key(code, viewer, tiles);
  }
}

}  // namespace facemorph
