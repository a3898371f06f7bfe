#pragma once

#include "app/dialogs/dialogs.hpp"
#include "ui/file_browser.hpp"

#include <filesystem>

namespace facemorph {

/// Browses folders for a checkpoint or a session.
class OpenDialog : public Dialog {
 public:
  explicit OpenDialog(Backstage& backstage);
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;
  void closed(const ActionContext& context, bool dismissed) override;

 private:
  void draw_foot(Ui& ui, Viewer& viewer);

  FileBrowser browser_;
};

}  // namespace facemorph
