#include "app/dialogs/dialogs.hpp"

#include "app/dialogs/about_dialog.hpp"
#include "app/dialogs/close_dialog.hpp"
#include "app/dialogs/command_palette.hpp"
#include "app/dialogs/compare_dialog.hpp"
#include "app/dialogs/export_dialog.hpp"
#include "app/dialogs/keys_dialog.hpp"
#include "app/dialogs/open_dialog.hpp"
#include "app/dialogs/pictures_dialog.hpp"
#include "app/dialogs/save_dialog.hpp"
#include "app/dialogs/saving_dialog.hpp"
#include "ui/dialog.hpp"

#include <algorithm>

namespace facemorph {

bool Dialog::press(SDL_Keycode key) {
  (void)key;
  return false;
}

void Dialog::closed(const ActionContext& context, bool dismissed) {
  (void)context;
  (void)dismissed;
}

Dialogs::Dialogs(Backstage& backstage, TrainView& train) {
  all_[DialogName::Open] = std::make_unique<OpenDialog>(backstage);
  all_[DialogName::Save] = std::make_unique<SaveDialog>(backstage);
  all_[DialogName::Export] = std::make_unique<ExportDialog>(backstage);
  all_[DialogName::Pictures] = std::make_unique<PicturesDialog>(backstage);
  all_[DialogName::Compare] = std::make_unique<CompareDialog>(train);
  all_[DialogName::Palette] = std::make_unique<CommandPalette>();
  all_[DialogName::Keys] = std::make_unique<KeysDialog>();
  all_[DialogName::About] = std::make_unique<AboutDialog>();
  all_[DialogName::Close] = std::make_unique<CloseDialog>();
  all_[DialogName::Saving] = std::make_unique<SavingDialog>();
}

void Dialogs::open(DialogName name) {
  if (!is_open(name)) asked_.push_back(name);
}

bool Dialogs::is_open(DialogName name) const {
  return std::ranges::find(open_, name) != open_.end() ||
         std::ranges::find(asked_, name) != asked_.end();
}

void Dialogs::dismiss(const ActionContext& context) {
  if (!open_.empty()) close_topmost(context, true);
}

bool Dialogs::press(SDL_Keycode key) {
  return !open_.empty() && at(open_.back()).press(key);
}

void Dialogs::close_topmost(const ActionContext& context, bool dismissed) {
  Dialog& dialog = at(open_.back());
  open_.pop_back();
  drawn_.reset();
  compat::close_popups(0);
  dialog.closed(context, dismissed);
  if (open_.empty()) context.focus.return_to(before_);
}

void Dialogs::open_asked(Ui& ui, const ActionContext& context) {
  for (const DialogName name : std::exchange(asked_, {})) {
    if (!at(name).prepare(context)) continue;
    if (open_.empty()) before_ = ui.focus().place();
    open_.push_back(name);
  }
}

void Dialogs::draw(Ui& ui, const ActionContext& context) {
  open_asked(ui, context);
  const bool enter = std::exchange(enter_, false);
  if (open_.empty()) return;
  const DialogName top = open_.back();
  const bool fresh = drawn_ != top;
  if (fresh) compat::close_popups(0);
  drawn_ = top;
  Dialog& dialog = at(top);
  const Dialog::Look look = dialog.look(ui, context);
  bool stays = true;
  ui.focus().enter_dialog(fresh);
  if (const DialogScope scope(look.title, &stays, look.size); scope) {
    scope.record(ui, look.name);
    ui.offer_enter(enter);
    dialog.draw(ui, context);
    ui.offer_enter(false);
  }
  const bool ends = dialog.take_end();
  if (ends || !stays) close_topmost(context, !stays);
}

}  // namespace facemorph
