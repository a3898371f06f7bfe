#pragma once

#include "app/panels/panels.hpp"

#include <array>

namespace facemorph {

/// Asks where to save the session.
class SaveDialog {
 public:
  void draw(Ui& ui, Viewer& viewer, WindowState& window);

 private:
  std::array<char, 4096> typed_{};
  bool was_open_ = false;
};

}  // namespace facemorph
