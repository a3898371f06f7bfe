#include "app/dialog.hpp"
#include "app/train_view.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace facemorph {
namespace {

/// The place of a step among the moments; behind the last for none.
int place_of(const std::vector<RunMoment>& moments, const std::optional<std::uint64_t>& step) {
  if (!step) return static_cast<int>(moments.size());
  const auto found = std::ranges::lower_bound(moments, *step, {}, &RunMoment::step);
  return static_cast<int>(found - moments.begin());
}

/// Drags along the moments, and with `now` one further.
void draw_scrubber(Ui& ui, const char* name, const char* tip, const RunPast& past, bool now,
                   std::optional<std::uint64_t>* step) {
  const std::vector<RunMoment>& moments = past.moments();
  const int last = static_cast<int>(moments.size()) - (now ? 0 : 1);
  int place = std::clamp(place_of(moments, *step), 0, std::max(last, 0));
  const std::string text = place == static_cast<int>(moments.size())
                               ? std::string("now")
                               : moment_text(past, moments[static_cast<std::size_t>(place)].step);
  ImGui::SetNextItemWidth(-1);
  // The text is no format: it may hold anything but a per cent sign.
  if (ImGui::SliderInt((std::string("##") + name).c_str(), &place, 0, std::max(last, 0),
                       text.c_str(), ImGuiSliderFlags_NoInput)) {
    if (place >= static_cast<int>(moments.size()))
      step->reset();
    else
      *step = moments[static_cast<std::size_t>(place)].step;
  }
  ui.record_item(name);
  ui.tooltip(tip);
}

void draw_sheet(Ui& ui, const char* name, const ImageTexture* sheet, float width) {
  const float aspect = sheet == nullptr || sheet->empty() ? 1.0F
                                                          : static_cast<float>(sheet->height()) /
                                                                static_cast<float>(sheet->width());
  draw_picture(ui, name, sheet, {width, std::floor(width * aspect)});
}

void draw_open(Ui& ui, Viewer& viewer, const char* label, const RunMoment* moment, float width) {
  const bool kept = moment != nullptr && !moment->weights.empty();
  ImGui::BeginDisabled(!kept);
  if (ui.button(label,
                moment == nullptr ? "Choose an earlier moment first"
                : kept ? "The generator of this moment as the open model, while training "
                         "goes on"
                       : "The generator of this moment is no longer kept",
                width) &&
      kept)
    viewer.open_moment(*moment);
  ImGui::EndDisabled();
}

/// A new run from an earlier checkpoint; the old one stays.
void draw_go_back(Ui& ui, Viewer& viewer, float width) {
  const RunPast& past = viewer.past();
  if (past.checkpoints().empty()) return;
  const bool open = ui.begin_combo("##go back",
                                   "Goes on from a checkpoint as a new run; this one stays, and "
                                   "ends for now if it is under way",
                                   "Go back to …", width);
  if (!open) {
    ui.record_item("Go back to");
    return;
  }
  for (auto step = past.checkpoints().rbegin(); step != past.checkpoints().rend(); ++step) {
    if (ImGui::Selectable(moment_text(past, *step).c_str())) viewer.go_back_to(*step);
    ui.record_item("Go back to: " + std::to_string(*step));
  }
  ImGui::EndCombo();
}

}  // namespace

void draw_train_history(Ui& ui, Viewer& viewer, TrainView& view) {
  const Training& training = viewer.training();
  RunPast& past = viewer.past();
  const bool live = training.sheet() != nullptr && past.run() == training.run_folder();
  if (past.moments().empty() && !live) return;
  ImGui::Dummy({0, ui.px(2)});
  ui.heading(live ? "The same 64 faces" : ("Faces of " + past.run().filename().string()).c_str());
  const RunMoment* moment = live && !view.moment ? nullptr : moment_at(past.moments(), view.moment);
  const float width = ImGui::GetContentRegionAvail().x;
  draw_sheet(ui, "run faces",
             moment == nullptr ? view.newest.of(training.sheet()) : past.sheet(*moment), width);
  draw_scrubber(ui, "history", "Drag to see the same faces at every moment of the run", past, live,
                &view.moment);
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float half = (width - gap) / 2;
  draw_open(ui, viewer, "Open this moment", moment, half);
  ImGui::SameLine();
  ImGui::BeginDisabled(past.moments().empty());
  if (ui.button("Compare …", "Two moments side by side, a strip, a time-lapse", half))
    viewer.compare_moments = true;
  ImGui::EndDisabled();
  draw_go_back(ui, viewer, -1);
  if (!past.problem().empty()) ui.paragraph(past.problem().c_str());
}

void draw_compare_window(Ui& ui, Viewer& viewer, TrainView& view) {
  RunPast& past = viewer.past();
  if (viewer.compare_moments && past.moments().empty()) viewer.compare_moments = false;
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  // Two sheets and what stands below them, as large as there is room.
  const float side = std::floor(std::min((screen.x - ui.px(120)) / 2, screen.y - ui.px(250)));
  const ImGuiStyle& style = ImGui::GetStyle();
  const float width = 2 * side + style.ItemSpacing.x + 2 * style.WindowPadding.x;
  const Dialog dialog("Then and now", &viewer.compare_moments, {width, 0});
  if (!dialog) return;
  dialog.record(ui, "compare window");
  if (!view.left) view.left = past.moments().front().step;
  const auto draw_side = [&](const char* which, std::optional<std::uint64_t>* step) {
    ImGui::BeginGroup();
    ImGui::BeginChild(which, {side, side + 2 * ImGui::GetFrameHeightWithSpacing() + ui.px(4)});
    const RunMoment* moment = moment_at(past.moments(), *step);
    draw_sheet(ui, (std::string(which) + " faces").c_str(), past.sheet(*moment), side);
    draw_scrubber(ui, (std::string(which) + " moment").c_str(), "Drag along the run", past, false,
                  step);
    draw_open(ui, viewer, (std::string("Open##") + which).c_str(), moment, -1);
    ui.record_item(std::string("open ") + which);
    ImGui::EndChild();
    ImGui::EndGroup();
  };
  draw_side("left", &view.left);
  ImGui::SameLine();
  draw_side("right", &view.right);
  const float button = ui.px(150);
  if (ui.button("Save strip", "The first eight faces from the beginning to the end, as one picture",
                button))
    viewer.save_strip();
  ImGui::SameLine();
  ImGui::BeginDisabled(past.moments().size() < 2 || viewer.saving_time_lapse());
  if (ui.button(viewer.saving_time_lapse() ? "Writing …##lapse" : "Save time-lapse##lapse",
                "All 64 faces from the beginning to the end, as a video", button))
    viewer.save_time_lapse();
  ui.record_item("Save time-lapse");
  ImGui::EndDisabled();
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ui.px(110));
  if (ui.button("Close##compare", "Back to the window", ui.px(110), true))
    viewer.compare_moments = false;
}

}  // namespace facemorph
