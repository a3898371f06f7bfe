#include "app/action_groups.hpp"
#include "app/dialogs/dialogs.hpp"

#include <memory>

// What the File and Edit menus are made of.

namespace facemorph {
namespace {

using Context = ActionContext;
constexpr SDL_GameControllerButton kNone = SDL_CONTROLLER_BUTTON_INVALID;

/// Where the session was saved before, else asks for a name.
void save(const Context& c) {
  if (c.viewer.session_path().empty())
    c.dialogs.open(DialogName::Save);
  else
    c.viewer.save_session(c.viewer.session_path());
}

void paste(const Context& c) {
  const std::unique_ptr<char, decltype(&SDL_free)> text(SDL_GetClipboardText(), SDL_free);
  c.viewer.editor.paste_face(text ? text.get() : "");
}

bool has_faces(const Context& c) {
  return c.viewer.editor.state.keys.size() > 1;
}

bool can_be_evened(const Context& c) {
  return has_faces(c) && goes_through_faces(c.viewer.editor.state.walk.path) &&
         !c.viewer.measuring();
}

std::string undo_label(const Viewer& viewer) {
  const History& history = viewer.editor.history();
  return history.can_undo() ? "Undo: " + history.title(history.at()) : "Undo";
}

std::string redo_label(const Viewer& viewer) {
  const History& history = viewer.editor.history();
  return history.can_redo() ? "Redo: " + history.title(history.at() + 1) : "Redo";
}

}  // namespace

bool has_model(const Context& context) {
  return context.viewer.model.get() != nullptr;
}

std::vector<Action> file_actions() {
  constexpr Action::Group kGroup = Action::Group::File;
  return {
      {kGroup,
       "file.new",
       "New",
       "Begins afresh with this model; undo brings back what was here",
       {{SDLK_n, kControl}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.editor.begin_afresh(); }},
      {kGroup,
       "file.open",
       "Open…",
       "Open a checkpoint (.pth, .pt, .safetensors, ONNX …), a session, or what was made here",
       {{SDLK_o, kControl}},
       kNone,
       nullptr,
       [](const Context& c) { c.dialogs.open(DialogName::Open); }},
      {kGroup,
       "file.bundled_model",
       "Bundled model",
       "Back to the model that came with Facemorph",
       {},
       kNone,
       nullptr,
       [](const Context& c) { c.viewer.open_bundled_model(); }},
      {kGroup,
       "file.save",
       "Save session",
       "Keep the walk, the sum, the directions and the face on the stage",
       {{SDLK_s, kControl}},
       kNone,
       has_model,
       save},
      {kGroup,
       "file.save_as",
       "Save session as…",
       "The same under another name",
       {{SDLK_s, kControl, kShift}},
       kNone,
       has_model,
       [](const Context& c) { c.dialogs.open(DialogName::Save); }},
      {kGroup,
       "file.save_picture",
       "Save picture",
       "Write the face on the stage as a PNG into your pictures folder",
       {{SDLK_p, kControl}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.save_picture(); }},
      {kGroup,
       "file.save_sheet",
       "Save sheet of the walk",
       "Write the faces of the walk as one PNG into your pictures folder",
       {},
       kNone,
       [](const Context& c) { return !c.viewer.editor.state.keys.empty(); },
       [](const Context& c) { c.viewer.save_key_sheet(); }},
      {kGroup,
       "file.export",
       "Export video…",
       "Render the walk as a video, a GIF or PNG files",
       {{SDLK_e, kControl}},
       kNone,
       has_model,
       [](const Context& c) { c.dialogs.open(DialogName::Export); }},
      {kGroup,
       "file.record",
       "Record the stage",
       "Record what the stage shows, as it happens, or end that",
       {{SDLK_F9}},
       kNone,
       has_model,
       [](const Context& c) { c.viewer.toggle_recording(); },
       [](const Viewer& viewer) {
         return std::string(viewer.recorder.recording() ? "End the recording" : "Record the stage");
       }},
      {kGroup,
       "file.clear_recent",
       "Clear the list of recent files",
       "Forgets these names; the files stay",
       {},
       kNone,
       [](const Context& c) { return !c.viewer.settings.recent.empty(); },
       [](const Context& c) { c.viewer.settings.recent.clear(); }},
      {kGroup,
       "file.quit",
       "Quit",
       "Close the window; what you have made is there again the next time",
       {{SDLK_q, kControl}},
       kNone,
       nullptr,
       [](const Context& c) { c.dialogs.open(DialogName::Close); }},
  };
}

std::vector<Action> edit_actions() {
  constexpr Action::Group kGroup = Action::Group::Edit;
  return {
      {kGroup,
       "edit.undo",
       "Undo",
       "Take the last edit back",
       {{SDLK_z, kControl}},
       SDL_CONTROLLER_BUTTON_B,
       [](const Context& c) { return c.viewer.editor.history().can_undo(); },
       [](const Context& c) { c.viewer.undo(); },
       undo_label},
      {kGroup,
       "edit.redo",
       "Redo",
       "Make the edit again that was taken back",
       {{SDLK_z, kControl, kShift}, {SDLK_y, kControl}},
       kNone,
       [](const Context& c) { return c.viewer.editor.history().can_redo(); },
       [](const Context& c) { c.viewer.redo(); },
       redo_label},
      {kGroup,
       "edit.copy_face",
       "Copy face",
       "Copy the face on the stage as text",
       {{SDLK_c, kControl}},
       kNone,
       has_model,
       [](const Context& c) { SDL_SetClipboardText(c.viewer.editor.copy_face().c_str()); }},
      {kGroup,
       "edit.paste_face",
       "Paste face",
       "Show the face that was copied as text",
       {{SDLK_v, kControl}},
       kNone,
       has_model,
       paste},
      {kGroup,
       "walk.spread",
       "Spread the walk's faces evenly",
       "The same time from each face to the next",
       {},
       kNone,
       has_faces,
       [](const Context& c) { spread_evenly(c.viewer.editor.state); }},
      {kGroup,
       "walk.even_speed",
       "Constant speed",
       "Measures how much the picture changes along the walk, and spends the time where it does",
       {},
       kNone,
       can_be_evened,
       [](const Context& c) { c.viewer.even_speed(); },
       [](const Viewer& viewer) {
         return std::string(viewer.measuring() ? "Measuring the walk …" : "Constant speed");
       }},
  };
}

}  // namespace facemorph
