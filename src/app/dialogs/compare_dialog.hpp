#pragma once

#include "app/dialogs/dialogs.hpp"

namespace facemorph {

/// Two moments of a training run side by side.
class CompareDialog : public Dialog {
 public:
  /// `view` keeps which moments; it outlives the dialog.
  explicit CompareDialog(TrainView& view) : view_(view) {}
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;

 private:
  TrainView& view_;
};

}  // namespace facemorph
