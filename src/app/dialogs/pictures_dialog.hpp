#pragma once

#include "ui/file_browser.hpp"
#include "ui/ui.hpp"
#include "viewer/viewer.hpp"

#include <filesystem>
#include <functional>

namespace facemorph {

/// Browses for a folder or an archive of pictures to learn from, when the viewer asks for it.
class PicturesDialog {
 public:
  /// `wake` is called on another thread when there is something to draw.
  explicit PicturesDialog(std::function<void()> wake);
  void draw(Ui& ui, Viewer& viewer);

 private:
  std::filesystem::path first_folder(const Viewer& viewer) const;
  void draw_counts(Ui& ui) const;
  void draw_foot(Ui& ui, Viewer& viewer);

  FileBrowser browser_;
  bool was_open_ = false;
};

}  // namespace facemorph
