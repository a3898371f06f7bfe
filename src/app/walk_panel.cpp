#include "app/panels.hpp"

#include "app/face_tile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

constexpr float kKeyButtonWidth = 104;

void draw_play_button(Ui& ui, Viewer& viewer) {
  const float side = ui.px(36);
  const bool moving = viewer.animating();
  if (ImGui::InvisibleButton("play", {side, side})) viewer.play(!moving);
  ui.record_item("play");
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircleFilled(rect.centre(), side / 2,
                       ImGui::IsItemHovered() ? IM_COL32(255, 160, 122, 255) : palette::kAccent);
  draw_icon(list, moving ? Icon::Pause : Icon::Play, rect.centre(), side * 0.42F,
            palette::kOnAccent);
  ui.tooltip(moving ? "Pause (Space)" : "Play the walk (Space)");
}

/// The walk's time line: a mark per face, the played part, the handle.
void draw_scrubber(Ui& ui, Viewer& viewer) {
  const double duration = viewer.duration();
  char text[48];
  const bool endless = std::isinf(duration);
  std::snprintf(text, sizeof text, endless ? "%.1f s" : "%.1f / %.1f s", viewer.time, duration);
  const float text_width = ui.px(88);
  const float width = ImGui::GetContentRegionAvail().x - text_width;
  const float height = ui.px(36);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("scrub", {std::max(width, 1.0F), height});
  ui.record_item("scrub");
  const bool enabled = duration > 0 && !endless;
  const float inset = ui.px(8);
  const float room = width - 2 * inset;
  if (enabled && ImGui::IsItemActive()) {
    viewer.playing = false;
    viewer.scrub(duration *
                 std::clamp((ImGui::GetIO().MousePos.x - at.x - inset) / room, 0.0F, 1.0F));
  }
  ui.tooltip("Drag to any moment of the walk");

  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float y = at.y + height / 2;
  const float bar = ui.px(5);
  const float done = enabled ? room * static_cast<float>(viewer.time / duration) : 0;
  const float left = at.x + inset;
  list.AddRectFilled({left, y - bar / 2}, {left + room, y + bar / 2}, palette::kRaised, bar / 2);
  list.AddRectFilled({left, y - bar / 2}, {left + done, y + bar / 2}, palette::kAccent, bar / 2);
  const std::size_t keys = viewer.state.keys.size();
  const bool through_faces = goes_through_faces(viewer.state.walk.path);
  const std::size_t marks = enabled && through_faces ? keys + (viewer.state.walk.loop ? 1 : 0) : 0;
  for (std::size_t i = 0; i < marks && marks <= 200; ++i) {
    const float x = left + room * static_cast<float>(i) / static_cast<float>(marks - 1);
    list.AddCircleFilled({x, y}, ui.px(4),
                         x <= left + done + 0.5F ? palette::kAccent : palette::kHovered);
  }
  const bool held = ImGui::IsItemActive() || ImGui::IsItemHovered();
  if (enabled) list.AddCircleFilled({left + done, y}, ui.px(held ? 9 : 7.5F), palette::kText);
  const FontScope font(ui.fonts.small);
  const ImVec2 size = ImGui::CalcTextSize(text);
  list.AddText({at.x + width + text_width - size.x, y - size.y / 2}, palette::kDim, text);
}

void draw_keys(Ui& ui, Viewer& viewer, float width) {
  const float size = ui.px(58);
  ImGui::BeginChild("keys", {width, size + ui.px(14)}, false, ImGuiWindowFlags_HorizontalScrollbar);
  if (viewer.state.keys.empty()) {
    ImGui::Dummy({0, ui.px(4)});
    ui.paragraph("A walk moves through faces. Add some with the + on a gallery face, or with Add.");
  }
  std::size_t from = viewer.state.keys.size();
  if (viewer.state.walking && !viewer.state.keys.empty())
    from = walk_position(viewer.state.walk, viewer.state.keys.size(), viewer.time).from;
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < viewer.state.keys.size(); ++i) {
    if (i > 0) ImGui::SameLine(0, ui.px(6));
    ImGui::PushID(static_cast<int>(i));
    const std::string name = "walk face " + std::to_string(i);
    const TileAction action = draw_face_tile(ui, viewer, name.c_str(), viewer.state.keys[i],
                                             {size, i == from, true, nullptr});
    ImGui::PopID();
    if (action == TileAction::RemoveFromWalk) removed = i;
    if (action == TileAction::Show) {
      viewer.playing = false;
      viewer.scrub(static_cast<double>(i) * viewer.state.walk.seconds_per_face);
    }
  }
  // The wheel scrolls sideways: there is nothing to scroll up or down.
  if (ImGui::IsWindowHovered() && ImGui::GetIO().MouseWheel != 0)
    ImGui::SetScrollX(ImGui::GetScrollX() - ImGui::GetIO().MouseWheel * size);
  ImGui::EndChild();
  ui.record_item("walk faces");
  if (auto face = dropped_face(viewer)) viewer.state.keys.push_back(std::move(*face));
  if (removed) viewer.remove_from_walk(*removed);
}

/// What a path that makes its own faces has instead of faces.
void draw_wander(Ui& ui, Viewer& viewer, float width) {
  ImGui::BeginChild("wander", {width, ui.px(72)});
  WalkShape& walk = viewer.state.walk;
  ui.paragraph(walk.path == WalkPath::Drift
                   ? "A smooth way through random faces that never ends and never comes back."
                   : "A smooth way through random faces that ends where it began.");
  ImGui::AlignTextToFramePadding();
  ui.dim_text("Seed");
  ImGui::SameLine();
  std::optional<std::uint64_t> seed = walk.seed;
  if (ui.seed_input("##walk seed", "Another seed, another way; the same seed, always the same",
                    "seed", &seed, ui.px(120)))
    walk.seed = *seed;
  ui.record_item("walk seed");
  ImGui::SameLine();
  if (ui.icon_button("random walk seed", Icon::Dice, "Another way"))
    walk.seed = (walk.seed * 6364136223846793005ULL + 1442695040888963407ULL) % 10'000;
  ImGui::EndChild();
}

void draw_key_buttons(Ui& ui, Viewer& viewer) {
  ImGui::BeginGroup();
  const float width = ui.px(kKeyButtonWidth);
  if (goes_through_faces(viewer.state.walk.path) &&
      ui.button("Add", "Add the face on the stage at the end (A)", width))
    viewer.add_shown_to_walk();
  if (ui.button("Surprise me", "A new walk through five random faces", width))
    viewer.surprise_walk();
  ImGui::EndGroup();
}

template <typename T, std::size_t N>
void draw_choice(Ui& ui, const char* name, const char* tip, T* value,
                 const std::array<std::pair<T, const char*>, N>& choices, float width) {
  const auto current = std::ranges::find(choices, *value, &std::pair<T, const char*>::first);
  const std::string id = std::string("##") + name;
  const bool open = ui.begin_combo(id.c_str(), tip, current->second, width);
  if (!open) {
    ui.record_item(name);
    return;
  }
  for (const auto& [choice, text] : choices) {
    if (ImGui::Selectable(text, choice == *value)) *value = choice;
    ui.record_item(std::string(name) + ": " + text);
  }
  ImGui::EndCombo();
}

void draw_motion(Ui& ui, Viewer& viewer) {
  static constexpr std::array<std::pair<WalkPath, const char*>, 5> kPaths = {
      {{WalkPath::Slerp, "Slerp"},
       {WalkPath::Linear, "Linear"},
       {WalkPath::Spline, "Spline"},
       {WalkPath::NoiseLoop, "Noise loop"},
       {WalkPath::Drift, "Drift"}}};
  static constexpr std::array<std::pair<Easing, const char*>, 5> kEasingNames = {
      {{Easing::Smooth, "Smooth"},
       {Easing::Smoother, "Smoother"},
       {Easing::Linear, "Even"},
       {Easing::EaseIn, "Ease in"},
       {Easing::EaseOut, "Ease out"}}};
  WalkShape& walk = viewer.state.walk;
  const double old_duration = viewer.duration();
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float room = ImGui::GetContentRegionAvail().x - ui.px(70) - 3 * gap;
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
  draw_choice(ui, "easing", "How the motion starts and stops at each face", &walk.easing,
              kEasingNames, room * 0.28F);
  ImGui::EndDisabled();
  ImGui::SameLine();
  auto seconds = static_cast<float>(walk.seconds_per_face);
  if (ui.slider("##seconds per face", "Seconds from one face to the next. Double-click: 2 s.",
                &seconds, {0.2F, 10.0F, 0.2F, 2.0F, false}, "%.1f s per face", room * 0.48F))
    walk.seconds_per_face = std::clamp(seconds, 0.1F, 600.0F);
  ui.record_item("seconds per face");
  ImGui::SameLine();
  ImGui::BeginDisabled(!through_faces);
  ui.checkbox("Loop", "Go on from the last face to the first, for ever and without a seam (L)",
              &walk.loop);
  ImGui::EndDisabled();
  // The same place on the walk, however fast it goes now.
  if (old_duration > 0 && std::isfinite(old_duration) && std::isfinite(viewer.duration()) &&
      viewer.duration() != old_duration)
    viewer.time = std::min(viewer.time * viewer.duration() / old_duration, viewer.duration());
}

}  // namespace

void draw_walk(Ui& ui, Viewer& viewer, const Rect& area) {
  const PanelScope panel("Walk", area,
                         ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  if (!viewer.model()) {
    ui.heading("Walk");
    return;
  }
  draw_play_button(ui, viewer);
  ImGui::SameLine();
  draw_scrubber(ui, viewer);
  const float buttons = ui.px(kKeyButtonWidth) + ImGui::GetStyle().ItemSpacing.x;
  const float room = ImGui::GetContentRegionAvail().x - buttons;
  if (goes_through_faces(viewer.state.walk.path))
    draw_keys(ui, viewer, room);
  else
    draw_wander(ui, viewer, room);
  ImGui::SameLine();
  draw_key_buttons(ui, viewer);
  draw_motion(ui, viewer);
}

}  // namespace facemorph
