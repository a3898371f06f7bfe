#pragma once

#include "app/dialogs/dialogs.hpp"

#include <array>

namespace facemorph {

/// Asks where to save the session.
class SaveDialog : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;

 private:
  std::array<char, 4096> typed_{};
};

}  // namespace facemorph
