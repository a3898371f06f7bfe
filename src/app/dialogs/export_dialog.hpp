#pragma once

#include "app/dialogs/dialogs.hpp"

#include <array>

namespace facemorph {

/// Asks how the walk becomes a video.
class ExportDialog : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;

 private:
  void draw_format(Ui& ui, Viewer& viewer);
  void draw_picture(Ui& ui, Viewer& viewer);
  void draw_time(Ui& ui, Viewer& viewer);
  void draw_path(Ui& ui);
  void draw_summary(Ui& ui, Viewer& viewer);
  void rename_for(const Viewer& viewer);
  bool is_taken(bool folder);

  std::array<char, 4096> path_{};
  std::array<char, 256> caption_{};
  bool captioned_ = false;
  bool part_ = false;                 ///< only the marked part of the walk
  std::filesystem::path looked_for_;  ///< and whether it was there
  bool found_ = false;
};

}  // namespace facemorph
