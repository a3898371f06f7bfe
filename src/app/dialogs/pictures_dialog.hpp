#pragma once

#include "app/dialogs/dialogs.hpp"
#include "ui/file_browser.hpp"

#include <filesystem>

namespace facemorph {

/// Browses for a folder or an archive of pictures to learn from.
class PicturesDialog : public Dialog {
 public:
  explicit PicturesDialog(Backstage& backstage);
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;
  void closed(const ActionContext& context, bool dismissed) override;

 private:
  std::filesystem::path first_folder(const Viewer& viewer) const;
  void draw_counts(Ui& ui) const;
  void draw_foot(Ui& ui, Viewer& viewer);

  FileBrowser browser_;
};

}  // namespace facemorph
