#pragma once

#include "app/dialogs/dialogs.hpp"

#include <array>
#include <filesystem>

namespace facemorph {

/// Asks where to save the session.
class SaveDialog : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;

 private:
  bool is_taken(const Viewer& viewer);

  std::array<char, 4096> typed_{};
  std::filesystem::path looked_for_;  ///< and whether another session was there
  bool found_ = false;
};

}  // namespace facemorph
