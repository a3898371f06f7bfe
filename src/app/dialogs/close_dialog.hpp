#pragma once

#include "app/panels/panels.hpp"

namespace facemorph {

/// The way out: asks where something would be given up, then waits until everything is on the disk.
class CloseDialog {
 public:
  void draw(Ui& ui, Viewer& viewer, WindowState& window);

 private:
  void ask(Ui& ui, Viewer& viewer, WindowState& window);
  void leave(Ui& ui, Viewer& viewer, WindowState& window);
  void tell_saving(Ui& ui, Viewer& viewer, WindowState& window, const Saver::Status& status);
  void ask_about_problem(Ui& ui, Viewer& viewer, WindowState& window);

  bool leaving_ = false;   ///< nothing is asked any more
  bool was_idle_ = false;  ///< all was on the disk a frame ago
  double began_ = 0;       ///< to wait for it, in ImGui's time
  std::filesystem::path writing_;
  double writing_since_ = 0;
};

}  // namespace facemorph
