#include "app/panels.hpp"

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
    if (ImGui::MenuItem(label.c_str())) viewer.open_model(path);
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
  if (item(ui, "Open…", "Ctrl+O", "Open a checkpoint: .pth, .pt, TorchScript or .safetensors"))
    window.show_open = true;
  draw_recent(ui, viewer);
  if (item(ui, "Bundled model", nullptr, "Back to the model that came with Facemorph"))
    viewer.open_bundled_model();
  ImGui::Separator();
  if (item(ui, "Save picture", "Ctrl+S",
           "Write the face on the stage as a PNG into your pictures folder",
           viewer.model() != nullptr))
    viewer.save_picture();
  ImGui::Separator();
  if (item(ui, "Quit", "Ctrl+Q", "Close the window; settings and favourites are kept"))
    window.quit = true;
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
  draw_view_menu(ui, viewer, window);
  draw_help_menu(ui, window);
  ImGui::EndMainMenuBar();
}

}  // namespace facemorph
