#pragma once

#include "app/dialogs/dialogs.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace facemorph {

/// The actions in which all words of a text occur, those first whose titles begin with it. An empty
/// text finds all. What only the keyboard needs (Tab and the like) is left out.
std::vector<const Action*> find_actions(std::string_view text);

/// Type a word of an action, see its key, press Enter to do it.
class CommandPalette : public Dialog {
 public:
  bool prepare(const ActionContext& context) override;
  Look look(const Ui& ui, const ActionContext& context) const override;
  void draw(Ui& ui, const ActionContext& context) override;
  bool press(SDL_Keycode key) override;
  void closed(const ActionContext& context, bool dismissed) override;

 private:
  void draw_found(Ui& ui, const ActionContext& context);
  bool draw_line(Ui& ui, const ActionContext& context, const Action& action, bool chosen) const;

  std::array<char, 128> typed_{};
  std::vector<const Action*> found_;
  std::size_t chosen_ = 0;          ///< of found_
  bool follow_ = false;             ///< the chosen line has changed: scroll there
  const Action* to_run_ = nullptr;  ///< when the palette is closed
};

}  // namespace facemorph
