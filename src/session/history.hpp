#pragma once

#include "session/morph_state.hpp"

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// What a person has made: what undo brings back.
struct Work {
  MorphState state;
  std::vector<Face> favourites;  ///< of the state's model

  bool operator==(const Work&) const = default;
};

/// What was opened, or begun afresh, and all edits since: where they are kept.
struct Chapter {
  std::filesystem::path session;    ///< the file; empty: it has no name yet
  std::optional<MorphState> saved;  ///< as it was opened or saved last; none: it is in no file

  /// Whether the state differs from what was opened or saved.
  bool changed(const MorphState& state) const;
};

/// Undo and redo of what a person does. Playing is no edit: a state that differs in that alone
/// makes no step. Opening something else is a step like any other, and begins a chapter.
/// Steps share the faces that they have in common, so that thousands of them cost little.
class History {
 public:
  static constexpr std::size_t kMostSteps = 2000;

  explicit History(const Work& start = {}, Chapter chapter = {});

  /// Notes the work behind an edit; steps that were undone are lost. Returns whether it was one.
  /// Cheap where it was none: called in every frame, also while a walk plays.
  bool record(const MorphState& state, const std::vector<Face>& favourites);
  bool record(const Work& work) { return record(work.state, work.favourites); }
  /// The same where something was opened, in a chapter of its own.
  void open(const Work& work, Chapter chapter, std::string title);

  bool can_undo() const { return at_ > 0; }
  bool can_redo() const { return at_ + 1 < steps_.size(); }
  /// The work before or behind. Requires can_undo() or can_redo().
  Work undo() { return go_to(at_ - 1); }
  Work redo() { return go_to(at_ + 1); }
  /// The work at any step; the others stay. Requires step < size().
  Work go_to(std::size_t step);

  /// Step 0 is the beginning; its title says so.
  std::size_t size() const { return steps_.size(); }
  std::size_t at() const { return at_; }
  const std::string& title(std::size_t step) const { return steps_[step].title; }
  /// Whose faces are on show there.
  const ModelRef& model(std::size_t step) const { return steps_[step].state.model; }
  /// The model of one place and content is at another one now.
  void move_model(const ModelRef& from, const ModelRef& to);
  Work work(std::size_t step) const { return unpack(steps_[step]); }
  /// Of the step where it stands. Saving is no edit: it holds for all steps of the chapter.
  const Chapter& chapter() const { return *steps_[at_].chapter; }
  void set_chapter(Chapter chapter) { *steps_[at_].chapter = std::move(chapter); }
  /// Whether a step belongs to what the one before it does.
  bool continues(std::size_t step) const {
    return step > 0 && steps_[step].chapter == steps_[step - 1].chapter;
  }
  const Chapter& chapter(std::size_t step) const { return *steps_[step].chapter; }

  /// As much as is worth keeping on disk: the last steps, and where every chapter ended. Shares
  /// nothing that changes with this one.
  History recent(std::size_t most_steps) const;

 private:
  struct Step {
    std::string title;
    MorphState state;                                ///< with no faces in it
    std::vector<std::shared_ptr<const Face>> faces;  ///< its faces in for_each_face's order
    std::shared_ptr<const std::vector<Face>> favourites;
    std::shared_ptr<Chapter> chapter;
  };
  static Step pack(const Work& work, const Step* before);
  static Work unpack(const Step& step);
  void push(Step step);

  std::deque<Step> steps_;
  std::size_t at_ = 0;
  Work now_;  ///< steps_[at_], unpacked
};

/// What a person did between two states, in a few words ("Seed 42", "Truncation 0.70"); empty when
/// nothing was edited.
std::string edit_title(const MorphState& before, const MorphState& after);
/// The same of favourites.
std::string edit_title(const std::vector<Face>& before, const std::vector<Face>& after);

}  // namespace facemorph
