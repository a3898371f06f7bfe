#pragma once

#include "ui/ui.hpp"

namespace facemorph {

/// A modal window in the middle; its cross makes `*open` false.
/// Use it every frame: `const DialogScope dialog(…); if (!dialog) return;`
class DialogScope {
 public:
  /// Height 0: fit the contents.
  DialogScope(const char* title, bool* open, ImVec2 size);
  ~DialogScope();
  DialogScope(const DialogScope&) = delete;
  DialogScope& operator=(const DialogScope&) = delete;
  explicit operator bool() const { return visible_; }
  /// Records the dialog's own rectangle.
  void record(Ui& ui, const char* name) const;

 private:
  bool visible_ = false;
};

/// Puts the next of `count` buttons of this width where the row of them ends at the right.
void align_buttons(int count, float width);

}  // namespace facemorph
