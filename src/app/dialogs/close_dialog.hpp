#pragma once

#include "app/dialogs/dialogs.hpp"

namespace facemorph {

/// Asks before the window closes, where something would be lost or is under way.
class CloseDialog : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;
};

}  // namespace facemorph
