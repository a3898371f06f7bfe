#include "app/dialogs/pictures_dialog.hpp"

#include "base/files.hpp"
#include "runs/picture_files.hpp"

#include <algorithm>
#include <cctype>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTitle = "Choose pictures to learn from";

bool is_archive_name(const fs::path& path) {
  std::string name = path.filename().string();
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::any_of(
      std::to_array<const char*>({".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst"}),
      [&](const char* ending) { return name.ends_with(ending); });
}

std::string counts_text(const FileBrowser::Counts& counts) {
  const auto number = [](std::size_t count, const std::string& what) {
    return (count == 0 ? "no" : std::to_string(count)) + " " + what + (count == 1 ? "" : "s");
  };
  std::string text = number(counts.counted, "picture") + " here";
  if (counts.counted == 0) text.front() = 'N';
  if (counts.folders > 0) text += ", " + number(counts.folders, "folder");
  return text;
}

}  // namespace

PicturesDialog::PicturesDialog(Backstage& backstage)
    : browser_({is_archive_name, is_picture_file,
                "an archive of pictures (.zip or .tar, compressed or not); use the folder "
                "that it is in",
                SystemChoice::Folder, kTitle},
               backstage) {}

/// Where the last pictures lie, else where the person was before, else at home.
fs::path PicturesDialog::first_folder(const Viewer& viewer) const {
  fs::path last = viewer.training.plan.data;
  if (!last.has_filename()) last = last.parent_path();
  if (last.has_parent_path()) return last.parent_path();
  return browser_.folder().empty() ? home_folder() : browser_.folder();
}

void PicturesDialog::draw_counts(Ui& ui) const {
  const std::string text = browser_.counts() ? counts_text(*browser_.counts()) : "Counting …";
  ui.dim_text(text.c_str());
  ui.record_item(text);
  ui.tooltip("Directly in this folder; pictures in its folders count when you use it");
}

void PicturesDialog::draw_foot(Ui& ui, Viewer& viewer) {
  const bool archive = !browser_.selected().empty();
  const float width = ui.px(130);
  const float cancel = ui.px(90);
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  browser_.draw_system_button(ui, width);
  std::optional<fs::path> chosen = browser_.take_chosen();
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - cancel -
                       (archive ? 2 : 1) * (width + gap));
  if (ui.button("Cancel", "Keep what was chosen before", cancel)) end();
  ImGui::SameLine();
  if (archive) {
    if (ui.button("Use this archive", "Learn from the pictures in it; nothing is unpacked to disk",
                  width, true))
      chosen = browser_.selected();
    ImGui::SameLine();
  }
  if (ui.button("Use this folder", "Learn from all pictures in it; its sub-folders count, too",
                width, !archive))
    chosen = browser_.folder();
  if (!chosen) return;
  viewer.training.plan_for(*chosen);
  end();
}

bool PicturesDialog::prepare(const ActionContext& context) {
  browser_.open(first_folder(context.viewer));
  return true;
}

Dialog::Look PicturesDialog::look(const Ui& ui, const ActionContext& context) const {
  (void)context;
  return {kTitle, "pictures window", {ui.px(640), ui.px(520)}};
}

void PicturesDialog::draw(Ui& ui, const ActionContext& context) {
  browser_.draw(ui, ImGui::GetFrameHeight() + ImGui::GetTextLineHeightWithSpacing() + ui.px(18));
  draw_counts(ui);
  draw_foot(ui, context.viewer);
}

void PicturesDialog::closed(const ActionContext& context, bool dismissed) {
  (void)context;
  (void)dismissed;
  browser_.close();
}

}  // namespace facemorph
