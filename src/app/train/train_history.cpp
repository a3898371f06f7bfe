#include "app/dialogs/dialogs.hpp"
#include "app/train/train_view.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace facemorph {
namespace {

/// The place of a step among the moments; behind the last for none.
int place_of(const std::vector<RunMoment>& moments, const std::optional<std::uint64_t>& step) {
  if (!step) return static_cast<int>(moments.size());
  const auto found = std::ranges::lower_bound(moments, *step, {}, &RunMoment::step);
  return static_cast<int>(found - moments.begin());
}

/// A line with a tick for every place, and a handle that the pointer drags along. Returns the place
/// it is dragged to, if it is.
std::optional<int> draw_track(Ui& ui, const char* name, const char* tip, int places, int place) {
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = std::round(ImGui::GetFrameHeight() * 0.8F);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(name, {width, height});
  ui.control(name, Focus::Kind::Steered);
  ui.tooltip(tip);
  const float inset = ui.px(7);
  const float room = width - 2 * inset;
  const int last = std::max(places - 1, 1);
  std::optional<int> dragged;
  if (ImGui::IsItemActive()) {
    const float share = std::clamp((ImGui::GetIO().MousePos.x - at.x - inset) / room, 0.0F, 1.0F);
    dragged = std::min(static_cast<int>(std::lround(share * static_cast<float>(last))), places - 1);
  }
  if (const int steps = ui.focus().take_steps(true).x; steps != 0)
    dragged = std::clamp(place + steps, 0, places - 1);
  const auto x = [&](int i) {
    return at.x + inset + room * static_cast<float>(i) / static_cast<float>(last);
  };
  const float middle = at.y + height / 2;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({at.x + inset, middle - ui.px(1)}, {at.x + width - inset, middle + ui.px(1)},
                     palette::kLine);
  const int now = dragged.value_or(place);
  list.AddRectFilled({at.x + inset, middle - ui.px(1)}, {x(now), middle + ui.px(1)},
                     palette::kAccent);
  if (room / static_cast<float>(last) >= ui.px(3))
    for (int i = 0; i < places; ++i)
      list.AddRectFilled({x(i) - ui.px(1), middle - ui.px(4)}, {x(i) + ui.px(1), middle + ui.px(4)},
                         i <= now ? palette::kAccent : palette::kHovered);
  const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemActive();
  list.AddCircleFilled({x(now), middle}, ui.px(hovered ? 7 : 6), palette::kAccent);
  return dragged;
}

/// A new run from an earlier checkpoint; the old one stays.
void draw_go_back(Ui& ui, TrainingDesk& desk, float width) {
  const RunPast& past = desk.past();
  if (past.checkpoints().empty()) return;
  const bool open = ui.begin_combo("##go back",
                                   "Goes on from a checkpoint as a new run; this one stays, and "
                                   "is stopped first if it is under way",
                                   "Go back to …", width);
  if (!open) {
    ui.record_item("Go back to");
    return;
  }
  for (auto step = past.checkpoints().rbegin(); step != past.checkpoints().rend(); ++step) {
    if (ImGui::Selectable(moment_text(past, *step).c_str())) desk.go_back_to(*step);
    ui.record_item("Go back to: " + std::to_string(*step));
  }
  ImGui::EndCombo();
}

}  // namespace

void draw_scrubber(Ui& ui, const char* name, const char* tip, const RunPast& past, bool now,
                   std::optional<std::uint64_t>* step) {
  const std::vector<RunMoment>& moments = past.moments();
  const auto count = static_cast<int>(moments.size());
  const int places = count + (now ? 1 : 0);
  int place = std::min(place_of(moments, *step), places - 1);
  if (const auto dragged = draw_track(ui, name, tip, places, place)) {
    place = *dragged;
    step->reset();
    if (place < count) *step = moments[static_cast<std::size_t>(place)].step;
  }
  const std::string text =
      place == count ? "now" : moment_text(past, moments[static_cast<std::size_t>(place)].step);
  const float width = ImGui::CalcTextSize(text.c_str()).x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + (ImGui::GetContentRegionAvail().x - width) / 2);
  ui.dim_text(text.c_str());
}

void draw_sheet(Ui& ui, const char* name, const std::shared_ptr<const Image>& sheet, float width) {
  const float aspect =
      sheet ? static_cast<float>(sheet->height) / static_cast<float>(sheet->width) : 1.0F;
  draw_picture(ui, name, sheet, {width, std::floor(width * aspect)});
}

void draw_open_moment(Ui& ui, TrainingDesk& desk, const char* label, const RunMoment* moment,
                      float width) {
  const bool kept = moment != nullptr && !moment->weights.empty();
  ImGui::BeginDisabled(!kept);
  if (ui.button(label,
                moment == nullptr ? "Choose an earlier moment first"
                : kept ? "The generator of this moment as the open model, while training "
                         "goes on"
                       : "The generator of this moment is no longer kept",
                width) &&
      kept)
    desk.open_moment(*moment);
  ImGui::EndDisabled();
}

void draw_train_history(Ui& ui, TrainingDesk& desk, TrainView& view, Dialogs& dialogs) {
  const Training& training = desk.run();
  RunPast& past = desk.past();
  const bool live = training.sheet() != nullptr && past.run() == training.run_folder();
  if (past.moments().empty() && !live) return;
  ImGui::Dummy({0, ui.px(2)});
  ui.heading(live ? "The same 64 faces" : ("Faces of " + past.run().filename().string()).c_str());
  const RunMoment* moment = live && !view.moment ? nullptr : moment_at(past.moments(), view.moment);
  const float width = ImGui::GetContentRegionAvail().x;
  draw_sheet(ui, "run faces", moment == nullptr ? training.sheet() : past.sheet(*moment), width);
  draw_scrubber(ui, "history", "Drag to see the same faces at every moment of the run", past, live,
                &view.moment);
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float half = (width - gap) / 2;
  draw_open_moment(ui, desk, "Open this moment", moment, half);
  ImGui::SameLine();
  ImGui::BeginDisabled(past.moments().empty());
  if (ui.button("Compare …", "Two moments side by side, a strip, a time-lapse", half))
    dialogs.open(DialogName::Compare);
  ImGui::EndDisabled();
  draw_go_back(ui, desk, -1);
  if (!past.problem().empty()) ui.paragraph(past.problem().c_str());
}

}  // namespace facemorph
