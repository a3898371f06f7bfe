#pragma once

#include "app/actions.hpp"
#include "app/train/train_view.hpp"
#include "ui/ui.hpp"

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace facemorph {

enum class DialogName {
  Open,
  Save,
  Export,
  Pictures,  ///< that a network is to learn from
  Compare,   ///< two moments of a training run
  Palette,
  Keys,
  About,
  Close,
  Saving  ///< while the window waits for the disk
};

/// A modal window that asks or shows something. While it is open, nothing behind it hears a key.
class Dialog {
 public:
  struct Look {
    const char* title;
    const char* name;  ///< in Ui::widgets()
    ImVec2 size;       ///< in pixels; height 0: fits the contents
  };
  virtual ~Dialog() = default;
  /// Before it opens. Returns false where there is nothing to ask.
  virtual bool prepare(const ActionContext& context) = 0;
  virtual Look look(const Ui& ui, const ActionContext& context) const = 0;
  virtual void draw(Ui& ui, const ActionContext& context) = 0;
  /// A key before the control that has the focus hears it. Returns whether it was meant for this.
  virtual bool press(SDL_Keycode key);
  /// It has closed; dismissed: by Esc or its cross.
  virtual void closed(const ActionContext& context, bool dismissed);

  /// Whether it wants to go, since the last call.
  bool take_end() { return std::exchange(ends_, false); }

 protected:
  void end() { ends_ = true; }

 private:
  bool ends_ = false;
};

/// The dialogs, of which those that are open lie over one another. Only the topmost shows; the one
/// below comes back when it closes.
class Dialogs {
 public:
  Dialogs(Backstage& backstage, TrainView& train);

  /// It shows from the next frame on, over those that are open.
  void open(DialogName name);
  /// Whether one is open or about to be.
  bool any() const { return !open_.empty() || !asked_.empty(); }
  bool is_open(DialogName name) const;
  /// Esc.
  void dismiss(const ActionContext& context);
  /// A key for the topmost one. Returns whether it was meant for it.
  bool press(SDL_Keycode key);
  /// Enter, where it is not for a control: presses the primary button.
  void press_enter() { enter_ = true; }

  void draw(Ui& ui, const ActionContext& context);

 private:
  Dialog& at(DialogName name) { return *all_.at(name); }
  void open_asked(Ui& ui, const ActionContext& context);
  void close_topmost(const ActionContext& context, bool dismissed);

  std::map<DialogName, std::unique_ptr<Dialog>> all_;
  std::vector<DialogName> asked_;
  std::vector<DialogName> open_;  ///< the topmost last
  std::optional<DialogName> drawn_;
  Focus::Place before_;  ///< where the focus was before any was open
  bool enter_ = false;
};

}  // namespace facemorph
