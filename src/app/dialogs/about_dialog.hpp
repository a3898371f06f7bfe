#pragma once

#include "app/dialogs/dialogs.hpp"

namespace facemorph {

/// Versions and licences.
class AboutDialog : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;
};

}  // namespace facemorph
