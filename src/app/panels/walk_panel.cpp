#include "app/actions.hpp"
#include "app/panels/panels.hpp"
#include "ui/choice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

constexpr float kKeyButtonWidth = 104;
constexpr float kLeftColumn = 88;  ///< play, clock, names of tracks

void draw_play_button(Ui& ui, MorphEditor& editor) {
  const float side = ui.px(36);
  const bool moving = editor.animating();
  if (ImGui::InvisibleButton("play", {side, side})) editor.play(!moving);
  ui.control("play");
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircleFilled(rect.centre(), side / 2,
                       ImGui::IsItemHovered() ? IM_COL32(255, 160, 122, 255) : palette::kAccent);
  draw_icon(list, moving ? Icon::Pause : Icon::Play, rect.centre(), side * 0.42F,
            palette::kOnAccent);
  ui.tooltip(tip_with_key(moving ? "Pause" : "Play the walk", "walk.play").c_str());
}

void draw_record_button(Ui& ui, Viewer& viewer) {
  const float side = ui.px(22);
  const bool recording = viewer.recorder.recording();
  if (ImGui::InvisibleButton("record", {side, side})) viewer.toggle_recording();
  ui.control("record");
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool lit = ImGui::IsItemHovered() || recording;
  list.AddCircle(rect.centre(), side / 2 - 1, lit ? IM_COL32(240, 72, 72, 255) : palette::kDim, 0,
                 ui.px(1.5F));
  const float dot = ui.px(recording ? 4.0F : 6.0F);
  if (recording)
    list.AddRectFilled({rect.centre().x - dot, rect.centre().y - dot},
                       {rect.centre().x + dot, rect.centre().y + dot}, IM_COL32(240, 72, 72, 255),
                       ui.px(1.5F));
  else
    list.AddCircleFilled(rect.centre(), dot, IM_COL32(240, 72, 72, 255));
  const char* tip = recording ? "End the recording" : "Record what the stage shows";
  ui.tooltip(tip_with_key(tip, "file.record").c_str());
}

void draw_key_buttons(Ui& ui, MorphEditor& editor) {
  ImGui::BeginGroup();
  const float width = ui.px(kKeyButtonWidth);
  if (goes_through_faces(editor.state.walk.path) &&
      ui.button("Add", tip_with_key("Add the face on the stage at the end", "walk.add").c_str(),
                width))
    editor.add_shown_to_walk();
  if (ui.button("Surprise me", "A new walk through five random faces", width))
    editor.surprise_walk();
  ImGui::EndGroup();
}

constexpr std::array<std::pair<WalkPath, const char*>, 5> kPaths = {
    {{WalkPath::Slerp, "Slerp"},
     {WalkPath::Linear, "Linear"},
     {WalkPath::Spline, "Spline"},
     {WalkPath::NoiseLoop, "Noise loop"},
     {WalkPath::Drift, "Drift"}}};
constexpr std::array<std::pair<Easing, const char*>, 5> kEasingNames = {
    {{Easing::Smooth, "Smooth"},
     {Easing::Smoother, "Smoother"},
     {Easing::Linear, "Even"},
     {Easing::EaseIn, "Ease in"},
     {Easing::EaseOut, "Ease out"}}};

/// The easing of every face, and of those to come.
void draw_easing(Ui& ui, MorphEditor& editor, float width) {
  Easing easing = editor.state.walk.easing;
  draw_choice(ui, "easing",
              "How the motion starts and stops at every face; select a face to change it for that "
              "one alone",
              &easing, kEasingNames, width);
  if (easing == editor.state.walk.easing) return;
  editor.state.walk.easing = easing;
  for (Keyframe& key : editor.state.keys)
    key.time.easing = easing;
}

bool draw_seconds(Ui& ui, const char* name, const char* tip, double* seconds, double least,
                  const char* form, float width) {
  auto value = static_cast<float>(*seconds);
  const bool changed = ui.number(name, tip, &value, {0.05, least, 100'000}, form, width);
  if (changed) *seconds = std::max(static_cast<double>(value), least);
  return changed;
}

void draw_pace(Ui& ui, MorphEditor& editor, float width) {
  auto seconds = static_cast<float>(editor.state.walk.seconds_per_face);
  const double before = editor.state.walk.seconds_per_face;
  if (!ui.slider("##seconds per face",
                 "How fast: seconds from one face to the next, if they are spread evenly. The "
                 "whole time line follows. Double-click: 2 s.",
                 &seconds, {0.2F, 10.0F, 0.2F, 2.0F, false}, "%.1f s per face", width))
    return;
  const double pace = std::clamp(static_cast<double>(seconds), 0.1, 600.0);
  set_pace(editor.state, pace);
  // The same place on the walk, however fast it goes now.
  editor.state.playhead *= pace / before;
  if (editor.region)
    editor.region =
        MorphEditor::Region{editor.region->from * pace / before, editor.region->to * pace / before};
}

/// How the whole walk moves.
void draw_motion(Ui& ui, MorphEditor& editor) {
  WalkShape& walk = editor.state.walk;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float room = ImGui::GetContentRegionAvail().x - ui.px(70) - 4 * gap;
  draw_choice(
      ui, "path",
      "Slerp goes along the sphere that random latents lie on, so every step is a typical face. "
      "A straight line cuts through the middle, where faces look averaged and pale. A spline goes "
      "through the faces without a corner. A noise loop and a drift make their own way, one that "
      "closes and one that never ends.",
      &walk.path, kPaths, room * 0.24F);
  ImGui::SameLine();
  const bool through_faces = goes_through_faces(walk.path);
  ImGui::BeginDisabled(!through_faces);
  draw_easing(ui, editor, room * 0.22F);
  ImGui::EndDisabled();
  ImGui::SameLine();
  draw_pace(ui, editor, room * 0.34F);
  ui.record_item("seconds per face");
  ImGui::SameLine();
  ImGui::BeginDisabled(!through_faces);
  double length = walk.length;
  if (draw_seconds(ui, "length", "How long one pass lasts; faces stay where they are", &length,
                   least_length(editor.state), "%.1f s", room * 0.20F))
    set_length(editor.state, length);
  ImGui::SameLine();
  bool loop = walk.loop;
  const std::string tip = tip_with_key(
      "Go on from the last face to the first, for ever and without a seam", "walk.loop");
  ui.checkbox("Loop", tip.c_str(), &loop);
  set_loop(editor.state, loop);
  ImGui::EndDisabled();
}

/// The value of a track's key.
void draw_value(Ui& ui, Track& track, TrackKey& key, float width) {
  const auto slide = [&](const char* name, float* value, float low, float high, const char* form) {
    ui.slider((std::string("##") + name).c_str(), nullptr, value, {low, high, low, 1, false}, form,
              width);
    *value = std::clamp(*value, low, high);
    ui.record_item(name);
  };
  if (track.target.kind == TrackKind::Truncation) slide("key value", &key.value, 0, 1.5F, "%.2f");
  if (track.target.kind == TrackKind::Direction) slide("key value", &key.value, -4, 4, "%+.2f σ");
  if (track.target.kind != TrackKind::Pad) return;
  width = (width - ImGui::GetStyle().ItemSpacing.x) / 2;
  slide("key x", &key.value, 0, 1, "x %.2f");
  ImGui::SameLine();
  slide("key y", &key.y, 0, 1, "y %.2f");
}

/// What is selected on the time line, instead of the whole walk's motion.
void draw_selected(Ui& ui, MorphEditor& editor) {
  const MorphEditor::KeyRef selected = *editor.selected;
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float button = ui.px(86);
  const float room =
      ImGui::GetContentRegionAvail().x - 2 * button - 5 * gap - ImGui::GetFrameHeight();
  MorphState& state = editor.state;
  KeyTime& time = selected.track ? state.tracks[*selected.track].keys[selected.key].time
                                 : state.keys[selected.key].time;
  double at = time.at;
  const bool moved =
      draw_seconds(ui, "key time", "When it is reached", &at, 0, "at %.2f s", room * 0.28F);
  ImGui::SameLine();
  draw_choice(ui, "key easing", "How the motion goes on from here to the next", &time.easing,
              kEasingNames, room * 0.32F);
  ImGui::SameLine();
  if (selected.track) {
    Track& track = state.tracks[*selected.track];
    draw_value(ui, track, track.keys[selected.key], room * 0.40F);
  } else {
    double hold = time.hold;
    if (draw_seconds(ui, "hold", "How long the walk stays at this face", &hold, 0, "hold %.2f s",
                     room * 0.40F))
      set_hold(state, selected.key, hold);
  }
  ImGui::SameLine();
  ImGui::BeginDisabled(selected.track.has_value());
  if (ui.button("Duplicate",
                tip_with_key("The same face once more, behind it", "walk.duplicate_key").c_str(),
                button))
    editor.duplicate_key(selected.key);
  ImGui::EndDisabled();
  ImGui::SameLine();
  const bool removed = ui.button(
      "Remove", tip_with_key("Take this key off the time line", "walk.remove_key").c_str(), button);
  ImGui::SameLine();
  if (ui.icon_button("deselect", Icon::Cross, "Back to the motion of the whole walk"))
    editor.selected.reset();
  if (moved && editor.selected == selected)
    editor.selected->key = selected.track ? move_track_key(state, *selected.track, selected.key, at)
                                          : move_key(state, selected.key, at);
  if (removed) editor.remove_key(selected);
}

void draw_clock(Ui& ui, const MorphEditor& editor, ImVec2 at) {
  const double duration = editor.duration();
  char text[48];
  std::snprintf(text, sizeof text, std::isinf(duration) ? "%.1f s" : "%.1f / %.1f s",
                editor.state.playhead, duration);
  const FontScope font(ui.fonts.small);
  const float width = ImGui::CalcTextSize(text).x;
  ImGui::GetWindowDrawList()->AddText({at.x + (ui.px(kLeftColumn) - width) / 2, at.y},
                                      palette::kDim, text);
}

}  // namespace

void draw_key_button(Ui& ui, MorphEditor& editor, const std::string& name,
                     const TrackTarget& target) {
  const bool set = editor.has_key_here(target);
  if (ui.icon_button(name.c_str(), set ? Icon::KeySet : Icon::Key,
                     set ? "Take the key away that is here on the time line"
                         : "Set a key here on the time line: this changes over the walk",
                     editor.keyed(target)))
    editor.toggle_key(target);
}

float walk_height(const Ui& ui, const MorphEditor& editor) {
  return timeline_height(ui, editor) + ui.px(64);
}

void draw_walk(Ui& ui, Viewer& viewer, TimelineView& timeline, FaceTiles& tiles, const Rect& area) {
  MorphEditor& editor = viewer.editor;
  const PanelScope panel("Walk", area,
                         ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (!viewer.model.get()) {
    ui.heading("Walk");
    return;
  }
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float left = ui.px(kLeftColumn);
  const float right = ui.px(kKeyButtonWidth);
  const float width = ImGui::GetContentRegionAvail().x - left - right - 2 * gap;
  const float height = timeline_height(ui, editor);
  const float both = ui.px(36 + 8 + 22);
  ImGui::SetCursorScreenPos({corner.x + (left - both) / 2, corner.y + ui.px(8)});
  draw_play_button(ui, editor);
  ImGui::SetCursorScreenPos({corner.x + (left + both) / 2 - ui.px(22), corner.y + ui.px(15)});
  draw_record_button(ui, viewer);
  draw_clock(ui, editor, {corner.x, corner.y + ui.px(52)});
  const Rect line{{corner.x + left + gap, corner.y},
                  {corner.x + left + gap + width, corner.y + height}};
  draw_timeline(ui, editor, timeline, tiles, line);
  ImGui::SetCursorScreenPos({line.max.x + gap, corner.y});
  draw_key_buttons(ui, editor);
  ImGui::SetCursorScreenPos({corner.x, corner.y + height + ui.px(4)});
  if (editor.selected)
    draw_selected(ui, editor);
  else
    draw_motion(ui, editor);
}

}  // namespace facemorph
