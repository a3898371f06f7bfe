#include "app/panels/panels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

constexpr ImU32 kRecording = IM_COL32(240, 72, 72, 255);

/// A card without decoration; `draw` fills it.
template <typename Draw>
void draw_card(const char* name, ImVec2 at, ImVec2 pivot, float width, const Draw& draw) {
  ImGui::SetNextWindowPos(at, ImGuiCond_Always, pivot);
  ImGui::SetNextWindowSize({width, 0});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, IM_COL32(30, 33, 40, 245));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1.0F);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_NoNav | ImGuiWindowFlags_AlwaysAutoResize);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  draw();
  ImGui::End();
}

std::string progress_text(const ExportProgress& progress) {
  std::array<char, 96> text{};
  if (progress.finishing >= 0) return "Completing the file …";
  if (progress.of == 0) return "Starting …";
  std::snprintf(text.data(), text.size(), "Frame %zu of %zu", progress.frames, progress.of);
  std::string all = text.data();
  if (progress.seconds_left >= 0) {
    std::snprintf(text.data(), text.size(), ", %.0f s left", std::ceil(progress.seconds_left));
    all += text.data();
  }
  return all;
}

void draw_export(Ui& ui, Recorder& recorder) {
  const ExportProgress progress = recorder.progress();
  const double share =
      progress.finishing >= 0 ? progress.finishing
      : progress.of == 0      ? 0.0
                         : static_cast<double>(progress.frames) / static_cast<double>(progress.of);
  ui.heading(("Exporting " + recorder.target().filename().string()).c_str());
  const float button = ui.px(84);
  const float width = ImGui::GetContentRegionAvail().x - button - ImGui::GetStyle().ItemSpacing.x;
  ui.progress_bar("export progress", share, width);
  ImGui::SameLine();
  if (ui.button("Stop##export", "Ends the export; what was written is removed, PNG files stay",
                button))
    recorder.cancel_export();
  ui.dim_text(progress_text(progress).c_str());
}

void draw_take(Ui& ui, const TakeStatus& take) {
  std::array<char, 64> text{};
  const int seconds = static_cast<int>(take.seconds);
  std::snprintf(text.data(), text.size(), "%d:%02d", seconds / 60, seconds % 60);
  std::string all = take.completing ? "Completing the recording …" : text.data();
  if (take.repeated > 0) all += "  ·  " + std::to_string(take.repeated) + " pictures lost";
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float line = ImGui::GetTextLineHeight();
  ImGui::GetWindowDrawList()->AddCircleFilled({at.x + ui.px(6), at.y + line / 2}, ui.px(5),
                                              kRecording);
  ImGui::SetCursorScreenPos({at.x + ui.px(18), at.y});
  ImGui::TextUnformatted(all.c_str());
  ui.record_item("take");
  ui.tooltip(
      "The stage is being recorded as you see it; F9 ends it. If this computer cannot keep up, the "
      "encoder is made faster first, then pictures are left out and counted here.");
}

}  // namespace

void draw_recording(Ui& ui, Recorder& recorder, const Rect& stage) {
  if (recorder.recording())
    draw_card("take", {stage.min.x + ui.px(14), stage.min.y + ui.px(14)}, {0, 0}, 0,
              [&] { draw_take(ui, recorder.take()); });
  if (recorder.exporting())
    draw_card("export", {stage.centre().x, stage.max.y - ui.px(14)}, {0.5F, 1.0F},
              std::min(ui.px(420), stage.width() - ui.px(24)), [&] { draw_export(ui, recorder); });
}

}  // namespace facemorph
