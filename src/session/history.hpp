#pragma once

#include "session/morph_state.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace facemorph {

/// Undo and redo of a MorphState. What plays and which model is open are no edits: a state that
/// differs in these alone makes no step, and undo leaves the model as it is.
/// Steps share the faces that they have in common, so that thousands of them cost little.
class History {
 public:
  static constexpr std::size_t kMostSteps = 2000;

  explicit History(const MorphState& start = {});

  /// Forgets every step: the state is where all begins now.
  void restart(const MorphState& state);
  /// Notes the state behind an edit; steps that were undone are lost. Returns whether it was one.
  bool record(const MorphState& state);

  bool can_undo() const { return at_ > 0; }
  bool can_redo() const { return at_ + 1 < steps_.size(); }
  /// The state before or behind. Requires can_undo() or can_redo().
  MorphState undo() { return go_to(at_ - 1); }
  MorphState redo() { return go_to(at_ + 1); }
  /// The state at any step; the others stay. Requires step < size().
  MorphState go_to(std::size_t step);

  /// Step 0 is the beginning; its title says so.
  std::size_t size() const { return steps_.size(); }
  std::size_t at() const { return at_; }
  const std::string& title(std::size_t step) const { return steps_[step].title; }

 private:
  struct Step {
    std::string title;
    MorphState state;                                ///< with no faces in it
    std::vector<std::shared_ptr<const Face>> faces;  ///< its faces in for_each_face's order
  };
  static Step pack(MorphState state, const Step* before);
  static MorphState unpack(const Step& step);

  std::deque<Step> steps_;
  std::size_t at_ = 0;
  MorphState now_;  ///< steps_[at_], unpacked
};

/// What a person did between two states, in a few words ("Seed 42", "Truncation 0.70"); empty when
/// nothing was edited.
std::string edit_title(const MorphState& before, const MorphState& after);

}  // namespace facemorph
