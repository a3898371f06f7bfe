#pragma once

#include "app/panels/panels.hpp"
#include "ui/file_browser.hpp"

#include <filesystem>
#include <functional>

namespace facemorph {

/// Browses folders for a checkpoint or a session.
class OpenDialog {
 public:
  explicit OpenDialog(Backstage& backstage);
  void draw(Ui& ui, Viewer& viewer, WindowState& window);

 private:
  void draw_foot(Ui& ui, Viewer& viewer, WindowState& window);

  FileBrowser browser_;
  bool was_open_ = false;
};

}  // namespace facemorph
