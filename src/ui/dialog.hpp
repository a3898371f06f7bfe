#pragma once

#include "ui/ui.hpp"

namespace facemorph {

/// A modal window in the middle; closes with its cross, or when `*open` becomes false.
/// Use it every frame: `const Dialog dialog(…); if (!dialog) return;`
class Dialog {
 public:
  /// Height 0: fit the contents.
  Dialog(const char* title, bool* open, ImVec2 size);
  ~Dialog();
  Dialog(const Dialog&) = delete;
  Dialog& operator=(const Dialog&) = delete;
  explicit operator bool() const { return visible_; }
  /// Records the dialog's own rectangle.
  void record(Ui& ui, const char* name) const;

 private:
  bool visible_ = false;
};

}  // namespace facemorph
