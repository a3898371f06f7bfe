#pragma once

#include "app/dialogs/dialogs.hpp"
#include "ui/file_name_field.hpp"

#include <array>

namespace facemorph {

/// Asks how the walk becomes a video.
class ExportDialog : public Dialog {
 public:
  explicit ExportDialog(Backstage& backstage) : name_(backstage) {}
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;

 private:
  void draw_format(Ui& ui, Viewer& viewer);
  void draw_picture(Ui& ui, Viewer& viewer);
  void draw_time(Ui& ui, Viewer& viewer);
  void draw_path(Ui& ui, const Viewer& viewer);
  void draw_summary(Ui& ui, Viewer& viewer);
  void draw_buttons(Ui& ui, Viewer& viewer, bool possible);
  void rename_for(const Viewer& viewer);
  static std::filesystem::path with_ending(const std::filesystem::path& name, VideoFormat format);

  FileNameField name_;
  std::array<char, 256> caption_{};
  bool captioned_ = false;
  bool part_ = false;  ///< only the marked part of the walk
};

}  // namespace facemorph
