#pragma once

#include "app/dialogs/dialogs.hpp"
#include "ui/file_name_field.hpp"

namespace facemorph {

/// Asks where to save the session.
class SaveDialog : public Dialog {
 public:
  explicit SaveDialog(Backstage& backstage) : name_(backstage) {}
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;

 private:
  FileNameField name_;
};

}  // namespace facemorph
