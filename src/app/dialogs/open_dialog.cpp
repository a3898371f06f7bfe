#include "app/dialogs/open_dialog.hpp"

#include "base/files.hpp"
#include "record/made_by.hpp"
#include "session/session_file.hpp"
#include "ui/dialog.hpp"

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTitle = "Open a model or a session";

bool named_like_ours(const fs::path& path) {
  if (is_session_name(path) || may_carry_session(path)) return true;
  const std::string extension = path.extension().string();
  for (const char* known : {".pth", ".pt", ".safetensors", ".ckpt", ".bin", ".pkl", ".model",
                            ".tar", ".onnx", ".npz", ".png"})
    if (extension == known) return true;
  return false;
}

/// Beside the model that was opened last, else at home.
fs::path first_folder(const Viewer& viewer) {
  if (viewer.settings.recent.empty()) return home_folder();
  const fs::path model(viewer.settings.recent.front());
  return model.has_parent_path() ? model.parent_path() : home_folder();
}

}  // namespace

OpenDialog::OpenDialog(Backstage& backstage)
    : browser_({named_like_ours, nullptr, "", SystemChoice::File, kTitle}, backstage) {}

void OpenDialog::draw_foot(Ui& ui, Viewer& viewer, WindowState& window) {
  const float width = ui.px(110);
  browser_.draw_system_button(ui, ui.px(130));
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - 2 * width -
                       ImGui::GetStyle().ItemSpacing.x);
  if (ui.button("Cancel", "Keep the open model", width)) window.show_open = false;
  ImGui::SameLine();
  std::optional<fs::path> chosen = browser_.take_chosen();
  const bool ready = !browser_.selected().empty();
  if (ui.button("Open", "Open the chosen file", width, ready) && ready)
    chosen = browser_.selected();
  if (!chosen) return;
  viewer.open_file(*chosen);
  window.show_open = false;
}

void OpenDialog::draw(Ui& ui, Viewer& viewer, WindowState& window) {
  if (window.show_open && !was_open_)
    browser_.open(browser_.folder().empty() ? first_folder(viewer) : browser_.folder());
  was_open_ = window.show_open;
  const Dialog dialog(kTitle, &window.show_open, {ui.px(640), ui.px(520)});
  if (!dialog) {
    browser_.close();
    return;
  }
  dialog.record(ui, "open window");
  browser_.draw(ui, ImGui::GetFrameHeight() + ui.px(14));
  draw_foot(ui, viewer, window);
}

}  // namespace facemorph
