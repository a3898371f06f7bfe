#include "app/panels/panels.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

namespace facemorph {
namespace {

/// An action as a line of a menu; its control is recorded by the action's title.
void item(Ui& ui, const ActionContext& context, std::string_view id) {
  const Action& chosen = action(id);
  const std::string label = label_of(chosen, context.viewer) + "###" + chosen.id;
  const std::string key = chosen.keys.empty() ? "" : chord_text(chosen.keys.front());
  if (ImGui::MenuItem(label.c_str(), key.c_str(), false, is_enabled(chosen, context)))
    run(chosen, context);
  ui.record_item(chosen.title);
  if (!compat::moved_by_keys()) ui.tooltip(chosen.tip);  // it would cover the next lines
}

/// A menu's title in the bar, at its place there. Returns whether it is open.
bool begin_menu(Ui& ui, MenuState& menus, int place, const char* title) {
  if (menus.wanted == place) {
    menus.wanted.reset();
    ImGui::OpenPopup(title);
    compat::show_menu_cursor();
  }
  const bool open = ImGui::BeginMenu(title);
  if (open) menus.open = place;
  const std::string name = std::string("menu ") + title;
  if (open)
    ui.record_item(name);
  else
    ui.control(name);
  return open;
}

bool begin_submenu(MenuState& menus, const char* title, bool enabled) {
  const bool open = ImGui::BeginMenu(title, enabled);
  if (!open && enabled && ImGui::IsItemFocused()) menus.on_submenu = true;
  return open;
}

void draw_recent(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  const bool open =
      begin_submenu(context.window.menus, "Open recent", !viewer.settings.recent.empty());
  ui.record_item("Open recent");
  if (!open) return;
  const auto recent = viewer.settings.recent;  // opening one changes the list
  for (std::size_t i = 0; i < recent.size(); ++i) {
    const std::filesystem::path path(recent[i]);
    const std::string label = path.filename().string() + "##" + recent[i];
    if (ImGui::MenuItem(label.c_str())) viewer.open_file(path);
    ui.record_item("recent " + std::to_string(i));
    ui.tooltip(recent[i].c_str());
  }
  ImGui::Separator();
  item(ui, context, "file.clear_recent");
  ImGui::EndMenu();
}

void draw_file_menu(Ui& ui, const ActionContext& context) {
  if (!begin_menu(ui, context.window.menus, 0, "File")) return;
  item(ui, context, "file.new");
  item(ui, context, "file.open");
  draw_recent(ui, context);
  item(ui, context, "file.bundled_model");
  ImGui::Separator();
  for (const char* id : {"file.save", "file.save_as", "file.save_picture", "file.save_sheet"})
    item(ui, context, id);
  ImGui::Separator();
  item(ui, context, "file.export");
  item(ui, context, "file.record");
  ImGui::Separator();
  item(ui, context, "file.quit");
  ImGui::EndMenu();
}

/// Every step, the newest first; a click goes there, and the others stay.
void draw_history(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  const History& history = viewer.editor.history();
  const bool open = begin_submenu(context.window.menus, "History", history.size() > 1);
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

void draw_edit_menu(Ui& ui, const ActionContext& context) {
  if (!begin_menu(ui, context.window.menus, 1, "Edit")) return;
  item(ui, context, "edit.undo");
  item(ui, context, "edit.redo");
  ImGui::Separator();
  item(ui, context, "edit.copy_face");
  item(ui, context, "edit.paste_face");
  ImGui::Separator();
  item(ui, context, "walk.spread");
  item(ui, context, "walk.even_speed");
  ImGui::Separator();
  draw_history(ui, context);
  ImGui::EndMenu();
}

void draw_scale_menu(Ui& ui, const ActionContext& context) {
  Viewer& viewer = context.viewer;
  const bool open = begin_submenu(context.window.menus, "Size of text and controls", true);
  ui.record_item("menu scale");
  if (!open) return;
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

void draw_view_menu(Ui& ui, const ActionContext& context) {
  if (!begin_menu(ui, context.window.menus, 2, "View")) return;
  item(ui, context, "view.full_screen");
  draw_scale_menu(ui, context);
  ImGui::Separator();
  for (const char* id :
       {"view.latent", "view.directions", "view.sum", "view.pad", "view.model", "view.train"})
    item(ui, context, id);
  ImGui::Separator();
  item(ui, context, "view.frame_times");
  ImGui::EndMenu();
}

void draw_help_menu(Ui& ui, const ActionContext& context) {
  if (!begin_menu(ui, context.window.menus, 3, "Help")) return;
  for (const char* id : {"help.palette", "help.keys", "help.about"})
    item(ui, context, id);
  ImGui::EndMenu();
}

}  // namespace

void draw_menu_bar(Ui& ui, const ActionContext& context) {
  context.window.menus.open.reset();
  context.window.menus.on_submenu = false;
  if (!ImGui::BeginMainMenuBar()) return;
  draw_file_menu(ui, context);
  draw_edit_menu(ui, context);
  draw_view_menu(ui, context);
  draw_help_menu(ui, context);
  ImGui::EndMainMenuBar();
}

}  // namespace facemorph
