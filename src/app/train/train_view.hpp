#pragma once

#include "ui/plot.hpp"
#include "ui/texts.hpp"
#include "ui/ui.hpp"
#include "viewer/training_desk.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace facemorph {

class Dialogs;

/// What the Train tab remembers of its looks.
struct TrainView {
  PlotView plots;
  Plot losses;
  Plot beliefs;
  Plot distance;
  Plot likeness;
  Plot speed;
  std::filesystem::path run;            ///< whose moments these are
  std::optional<std::uint64_t> moment;  ///< the step that the scrubber stands at; none: now
  /// The moments that are compared; none: the first, and the last.
  std::optional<std::uint64_t> left;
  std::optional<std::uint64_t> right;
};

/// The parts of the Train tab.
void draw_train_plan(Ui& ui, TrainingDesk& desk, Dialogs& dialogs);
void draw_train_settings(Ui& ui, TrainingPlan& plan, bool cuda_present);
void draw_train_run(Ui& ui, TrainingDesk& desk, Priority& priority);
void draw_train_history(Ui& ui, TrainingDesk& desk, TrainView& view, Dialogs& dialogs);
void draw_train_curves(Ui& ui, const TrainingDesk& desk, TrainView& view);
void draw_train_runs(Ui& ui, TrainingDesk& desk);

// --- what they share
// --------------------------------------------------------------------------------

/// A dim name at the left edge; the control comes after it and fills the line.
void draw_label(Ui& ui, const char* text);
/// A line of text that is kept in a string. Width as in ImGui.
void draw_text_field(Ui& ui, const char* name, const char* tip, const char* hint, std::string* text,
                     float width);
/// How many pictures there are; at rest, why some were skipped, and folders left out.
void draw_picture_counts(Ui& ui, std::size_t count, const std::vector<SkippedPicture>& skipped,
                         std::size_t other_files, const std::vector<LeftOutFolder>& left_out);
/// "Reading the pictures: 1,234, 56 % …".
std::string reading_text(const ReadingProgress& progress);
/// A picture as wide as told, with rounded corners. Returns whether it was clicked.
bool draw_picture(Ui& ui, const char* name, const std::shared_ptr<const Image>& picture,
                  ImVec2 size);
/// The same as wide as there is room.
void draw_wide_picture(Ui& ui, const char* name, const std::shared_ptr<const Image>& picture);
/// The moment of a step or the next one after it, else the last; nothing without moments.
const RunMoment* moment_at(const std::vector<RunMoment>& moments,
                           const std::optional<std::uint64_t>& step);
/// Drags along the moments, and with `now` one further.
void draw_scrubber(Ui& ui, const char* name, const char* tip, const RunPast& past, bool now,
                   std::optional<std::uint64_t>* step);
/// The faces of a moment; nothing: an empty place.
void draw_sheet(Ui& ui, const char* name, const std::shared_ptr<const Image>& sheet, float width);
/// A button that makes a moment's generator the open model.
void draw_open_moment(Ui& ui, TrainingDesk& desk, const char* label, const RunMoment* moment,
                      float width);
/// "step 1,200 · pass 26".
std::string moment_text(const RunPast& past, std::uint64_t step);
}  // namespace facemorph
