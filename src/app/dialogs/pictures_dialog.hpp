#pragma once

#include "ui/file_browser.hpp"
#include "ui/ui.hpp"
#include "viewer/training_desk.hpp"

#include <filesystem>
#include <functional>

namespace facemorph {

/// Browses for a folder or an archive of pictures to learn from, for the plan.
class PicturesDialog {
 public:
  PicturesDialog(Backstage& backstage, TrainingDesk& desk);
  /// Shows itself while `*open`.
  void draw(Ui& ui, bool* open);

 private:
  std::filesystem::path first_folder() const;
  void draw_counts(Ui& ui) const;
  void draw_foot(Ui& ui, bool* open);

  TrainingDesk& desk_;
  FileBrowser browser_;
  bool was_open_ = false;
};

}  // namespace facemorph
