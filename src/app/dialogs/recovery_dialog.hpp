#pragma once

#include "app/dialogs/dialogs.hpp"

namespace facemorph {

/// Offers what was not saved when the program ended without closing.
class RecoveryDialog : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;
  void closed(const ActionContext& context, bool dismissed) override;
};

}  // namespace facemorph
