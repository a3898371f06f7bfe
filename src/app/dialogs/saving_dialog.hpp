#pragma once

#include "app/dialogs/dialogs.hpp"

#include <filesystem>

namespace facemorph {

/// While the window waits for the disk before it closes: what is being written, and what to do when
/// the disk does not answer or has no room.
class SavingDialog : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;
  void closed(const ActionContext& context, bool dismissed) override;

 private:
  void tell(Ui& ui, const ActionContext& context, const std::filesystem::path& file);
  void ask(Ui& ui, const ActionContext& context);

  std::filesystem::path writing_;
  double since_ = 0;  ///< in ImGui's time
};

}  // namespace facemorph
