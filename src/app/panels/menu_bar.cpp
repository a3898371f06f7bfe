#include "app/panels/panels.hpp"

#include "app/shortcuts.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

namespace facemorph {
namespace {

bool item(Ui& ui, const char* label, const char* shortcut, const char* tip, bool enabled = true) {
  const bool chosen = ImGui::MenuItem(label, shortcut, false, enabled);
  ui.record_item(label);
  ui.tooltip(tip);
  return chosen;
}

void draw_recent(Ui& ui, Viewer& viewer) {
  if (!ImGui::BeginMenu("Open recent", !viewer.settings.recent.empty())) {
    ui.record_item("Open recent");
    return;
  }
  ui.record_item("Open recent");
  const auto recent = viewer.settings.recent;  // opening one changes the list
  for (std::size_t i = 0; i < recent.size(); ++i) {
    const std::filesystem::path path(recent[i]);
    const std::string label = path.filename().string() + "##" + recent[i];
    if (ImGui::MenuItem(label.c_str())) viewer.open_file(path);
    ui.record_item("recent " + std::to_string(i));
    ui.tooltip(recent[i].c_str());
  }
  ImGui::Separator();
  if (item(ui, "Clear the list", nullptr, "Forgets these names; the files stay"))
    viewer.settings.recent.clear();
  ImGui::EndMenu();
}

void draw_file_menu(Ui& ui, Viewer& viewer, WindowState& window) {
  const bool open = ImGui::BeginMenu("File");
  ui.record_item("menu File");
  if (!open) return;
  if (item(ui, "New", "Ctrl+N", "Begins afresh with this model; undo brings back what was here",
           viewer.editor.ready()))
    viewer.editor.begin_afresh();
  if (item(ui, "Open…", "Ctrl+O",
           "Open a checkpoint (.pth, .pt, .safetensors, ONNX …), a session, or what was made here"))
    window.show_open = true;
  draw_recent(ui, viewer);
  if (item(ui, "Bundled model", nullptr, "Back to the model that came with Facemorph"))
    viewer.open_bundled_model();
  ImGui::Separator();
  if (item(ui, "Save session", "Ctrl+S",
           "Keep the walk, the sum, the directions and the face on the stage",
           viewer.model.get() != nullptr))
    ask_to_save(viewer, window);
  if (item(ui, "Save session as…", "Ctrl+Shift+S", "The same under another name",
           viewer.model.get() != nullptr))
    window.show_save = true;
  if (item(ui, "Save picture", "Ctrl+P",
           "Write the face on the stage as a PNG into your pictures folder",
           viewer.model.get() != nullptr))
    viewer.save_picture();
  if (item(ui, "Save sheet of the walk", nullptr,
           "Write the faces of the walk as one PNG into your pictures folder",
           !viewer.editor.state.keys.empty()))
    viewer.save_key_sheet();
  ImGui::Separator();
  if (item(ui, "Export video…", "Ctrl+E", "Render the walk as a video, a GIF or PNG files",
           viewer.model.get() != nullptr))
    window.show_export = true;
  if (item(ui, viewer.recorder.recording() ? "End the recording" : "Record the stage", "F9",
           "Record what the stage shows, as it happens", viewer.model.get() != nullptr))
    viewer.toggle_recording();
  ImGui::Separator();
  if (item(ui, "Quit", "Ctrl+Q",
           "Close the window; what you have made is there again the next time"))
    window.closing = true;
  ImGui::EndMenu();
}

/// Every step, the newest first; a click goes there, and the others stay.
void draw_history(Ui& ui, Viewer& viewer) {
  const History& history = viewer.editor.history();
  const bool open = ImGui::BeginMenu("History", history.size() > 1);
  ui.record_item("History");
  if (!open) return;
  const std::size_t size = history.size();
  const float rows = static_cast<float>(std::min<std::size_t>(size, 16));
  ImGui::BeginChild("steps", {ui.px(260), rows * ImGui::GetTextLineHeightWithSpacing()});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(size));
  while (clipper.Step())
    for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
      const std::size_t step = size - 1 - static_cast<std::size_t>(row);
      const std::string label = history.title(step) + "##" + std::to_string(step);
      const bool undone = step > history.at();
      if (undone) ImGui::PushStyleColor(ImGuiCol_Text, palette::kDim);
      if (ImGui::Selectable(label.c_str(), step == history.at())) viewer.go_to_step(step);
      if (undone) ImGui::PopStyleColor();
      ui.record_item("history " + std::to_string(step));
    }
  ImGui::EndChild();
  ImGui::EndMenu();
}

void draw_edit_menu(Ui& ui, Viewer& viewer) {
  const bool open = ImGui::BeginMenu("Edit");
  ui.record_item("menu Edit");
  if (!open) return;
  const History& history = viewer.editor.history();
  const std::string undo = history.can_undo() ? "Undo: " + history.title(history.at()) : "Undo";
  const std::string redo = history.can_redo() ? "Redo: " + history.title(history.at() + 1) : "Redo";
  if (ImGui::MenuItem((undo + "###undo").c_str(), "Ctrl+Z", false, history.can_undo()))
    viewer.undo();
  ui.record_item("Undo");
  if (ImGui::MenuItem((redo + "###redo").c_str(), "Ctrl+Shift+Z", false, history.can_redo()))
    viewer.redo();
  ui.record_item("Redo");
  ImGui::Separator();
  if (ImGui::MenuItem("Spread the walk's faces evenly", nullptr, false,
                      viewer.editor.state.keys.size() > 1))
    spread_evenly(viewer.editor.state);
  ui.record_item("Spread");
  const bool through_faces = goes_through_faces(viewer.editor.state.walk.path);
  if (item(
          ui, viewer.measuring() ? "Measuring the walk …" : "Constant speed", nullptr,
          "Measures how much the picture changes along the walk, and spends the time where it does",
          through_faces && viewer.editor.state.keys.size() > 1 && !viewer.measuring()))
    viewer.even_speed();
  ImGui::Separator();
  draw_history(ui, viewer);
  ImGui::EndMenu();
}

void draw_view_menu(Ui& ui, Viewer& viewer, WindowState& window) {
  const bool open = ImGui::BeginMenu("View");
  ui.record_item("menu View");
  if (!open) return;
  if (item(ui, "Full screen", "F11", "Give the whole screen to Facemorph"))
    window.fullscreen = !window.fullscreen;
  if (ImGui::BeginMenu("Size of text and controls")) {
    struct Choice {
      float scale;
      const char* name;
    };
    static constexpr std::array<Choice, 6> kChoices = {{{0.0F, "Automatic"},
                                                        {1.0F, "100 %"},
                                                        {1.25F, "125 %"},
                                                        {1.5F, "150 %"},
                                                        {2.0F, "200 %"},
                                                        {2.5F, "250 %"}}};
    for (const Choice& choice : kChoices) {
      if (ImGui::MenuItem(choice.name, nullptr, viewer.settings.ui_scale == choice.scale))
        viewer.settings.ui_scale = choice.scale;
      ui.record_item(std::string("scale ") + choice.name);
    }
    ImGui::EndMenu();
  }
  ui.record_item("menu scale");
  ImGui::Separator();
  if (item(ui, "Save frame times", nullptr,
           "Write how long each of the last 36,000 frames took as a table (.csv) into your "
           "documents folder, to find out when and why the window was slow"))
    window.save_trace = true;
  ImGui::EndMenu();
}

void draw_help_menu(Ui& ui, WindowState& window) {
  const bool open = ImGui::BeginMenu("Help");
  ui.record_item("menu Help");
  if (!open) return;
  if (item(ui, "Keyboard shortcuts", "?", "Everything that has a key"))
    window.show_shortcuts = true;
  if (item(ui, "About Facemorph", nullptr, "Versions and licences")) window.show_about = true;
  ImGui::EndMenu();
}

}  // namespace

void draw_menu_bar(Ui& ui, Viewer& viewer, WindowState& window) {
  if (!ImGui::BeginMainMenuBar()) return;
  draw_file_menu(ui, viewer, window);
  draw_edit_menu(ui, viewer);
  draw_view_menu(ui, viewer, window);
  draw_help_menu(ui, window);
  ImGui::EndMainMenuBar();
}

}  // namespace facemorph
