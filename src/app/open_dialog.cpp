#include "app/open_dialog.hpp"

#include "app/dialog.hpp"
#include "record/made_by.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 20'000;

std::string size_text(std::uintmax_t bytes) {
  char text[32];
  if (bytes < 1'000'000)
    std::snprintf(text, sizeof text, "%.0f kB", std::max(1.0, static_cast<double>(bytes) / 1e3));
  else
    std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

bool named_like_ours(const fs::path& path) {
  if (is_session_name(path) || may_carry_session(path)) return true;
  const std::string extension = path.extension().string();
  for (const char* known : {".pth", ".pt", ".safetensors", ".ckpt", ".bin", ".pkl", ".model",
                            ".tar", ".onnx", ".npz", ".png"})
    if (extension == known) return true;
  return false;
}

}  // namespace

std::vector<OpenDialog::Entry> OpenDialog::list(const fs::path& folder) {
  std::vector<Entry> entries;
  for (const fs::directory_entry& item :
       fs::directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    std::error_code ignored;
    Entry entry;
    entry.path = item.path();
    entry.name = item.path().filename().string();
    if (entry.name.starts_with('.')) continue;
    entry.folder = item.is_directory(ignored);
    if (!entry.folder) {
      if (!item.is_regular_file(ignored)) continue;
      entry.size = size_text(item.file_size(ignored));
      entry.likely = named_like_ours(entry.path);
    }
    entries.push_back(std::move(entry));
    if (entries.size() >= kMaxEntries) break;
  }
  std::ranges::sort(entries, {},
                    [](const Entry& e) { return std::tuple(!e.folder, !e.likely, e.name); });
  return entries;
}

void OpenDialog::go(Viewer& viewer, const fs::path& folder) {
  folder_ = folder;
  entries_.clear();
  problem_.clear();
  selected_.clear();
  listed_ = false;
  std::snprintf(typed_.data(), typed_.size(), "%s", folder.string().c_str());
  viewer.background().run<std::vector<Entry>>(
      [folder] { return list(folder); },
      [this, folder](std::vector<Entry> entries) {
        if (folder != folder_) return;  // the person has gone elsewhere meanwhile
        entries_ = std::move(entries);
        listed_ = true;
      },
      [this, folder](const std::string& reason) {
        if (folder != folder_) return;
        problem_ = reason;
        listed_ = true;
      });
}

void OpenDialog::open(Viewer& viewer, WindowState& window, const fs::path& path) {
  viewer.open_file(path);
  window.show_open = false;
}

void OpenDialog::draw_entries(Ui& ui, Viewer& viewer, WindowState& window, float height) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, palette::kBackground);
  ImGui::BeginChild("entries", {0, height});
  ImGui::PopStyleColor();
  if (!listed_)
    ui.paragraph("Reading the folder …");
  else if (!problem_.empty())
    ui.paragraph(problem_.c_str());
  else if (entries_.empty())
    ui.paragraph("This folder is empty.");
  fs::path enter;
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(entries_.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const Entry& entry = entries_[static_cast<std::size_t>(i)];
      const bool dim = !entry.folder && !entry.likely;
      ImGui::PushID(i);
      ImGui::PushStyleColor(ImGuiCol_Text, dim ? palette::kDim : palette::kText);
      const std::string label = entry.folder ? entry.name + "/" : entry.name;
      if (ImGui::Selectable(
              label.c_str(), selected_ == entry.path,
              ImGuiSelectableFlags_AllowDoubleClick | ImGuiSelectableFlags_DontClosePopups)) {
        selected_ = entry.path;
        if (entry.folder)
          enter = entry.path;
        else if (ImGui::IsMouseDoubleClicked(0))
          open(viewer, window, entry.path);
      }
      ui.record_item("entry " + entry.name);
      ImGui::PopStyleColor();
      if (!entry.size.empty()) {
        ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ui.px(80));
        ui.dim_text(entry.size.c_str());
      }
      ImGui::PopID();
    }
  }
  ImGui::EndChild();
  if (!enter.empty()) go(viewer, enter);
}

void OpenDialog::draw(Ui& ui, Viewer& viewer, WindowState& window) {
  if (window.show_open && folder_.empty()) {
    const fs::path model =
        viewer.settings.recent.empty() ? fs::path() : fs::path(viewer.settings.recent.front());
    std::error_code ignored;
    const char* home = std::getenv("HOME");
    go(viewer, model.has_parent_path() ? model.parent_path()
               : home != nullptr       ? fs::path(home)
                                       : fs::current_path(ignored));
  }
  const Dialog dialog("Open a model or a session", &window.show_open, {ui.px(640), ui.px(520)});
  if (!dialog) return;
  dialog.record(ui, "open window");
  if (ui.button("Up", "The folder above this one") && folder_.has_parent_path())
    go(viewer, folder_.parent_path());
  ImGui::SameLine();
  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputText("##path", typed_.data(), typed_.size(),
                       ImGuiInputTextFlags_EnterReturnsTrue)) {
    const fs::path path(typed_.data());
    viewer.background().run<bool>([path] { return fs::is_directory(path); },
                                  [this, path, &viewer, &window](bool folder) {
                                    if (folder)
                                      go(viewer, path);
                                    else
                                      open(viewer, window, path);
                                  },
                                  [this](const std::string& reason) { problem_ = reason; });
  }
  ui.record_item("path");
  ui.tooltip("Type or paste the path of a folder or a file, and press Enter");
  draw_entries(ui, viewer, window, -(ImGui::GetFrameHeight() + ui.px(14)));
  const float width = ui.px(110);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - 2 * width -
                       ImGui::GetStyle().ItemSpacing.x);
  if (ui.button("Cancel", "Keep the open model", width)) window.show_open = false;
  ImGui::SameLine();
  const bool ready = !selected_.empty();
  if (ui.button("Open", "Open the chosen file", width, ready) && ready)
    open(viewer, window, selected_);
}

}  // namespace facemorph
