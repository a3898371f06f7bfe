#include "app/panels/face_tile.hpp"
#include "app/panels/panels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

// The ruler, the faces and the tracks of a walk, each at its time.

namespace facemorph {
namespace {

constexpr float kTile = 52;
constexpr float kTrackHeight = 18;
constexpr float kMarkRoom = 64;  ///< pixels between two labels of the ruler
constexpr float kSnapReach = 7;  ///< pixels
constexpr float kDragStart = 4;  ///< pixels until a click is a drag
constexpr float kDragOut = 34;   ///< pixels above or below the lane: to another panel
constexpr double kWheelZoom = 1.25;
constexpr double kStep = 1.0 / 30;  ///< seconds of an arrow key: a frame

/// What a hand did with a key; applied when all are drawn.
struct Deed {
  enum class Kind { None, Select, Remove, Move };
  Kind kind = Kind::None;
  MorphEditor::KeyRef key;
};

double time_of(const MorphEditor& editor, const MorphEditor::KeyRef& key) {
  return key.track ? editor.state.tracks[*key.track].keys[key.key].time.at
                   : editor.state.keys[key.key].time.at;
}

double move_to(MorphEditor& editor, TimelineView& view, double seconds) {
  MorphEditor::KeyRef& key = view.grip->key;
  key.key = key.track ? move_track_key(editor.state, *key.track, key.key, seconds)
                      : move_key(editor.state, key.key, seconds);
  editor.selected = key;
  return time_of(editor, key);
}

/// The item drawn last is this key's handle.
void take_grip(MorphEditor& editor, TimelineView& view, const MorphEditor::KeyRef& key) {
  if (!ImGui::IsItemActivated()) return;
  const float x = ImGui::GetIO().MousePos.x;
  const double at = time_of(editor, key);
  view.grip = TimelineView::Grip{key, at - view.seconds_at(x), at, x, false};
}

/// Arrows move the key that has the focus, which the hand that presses them has chosen as well.
void take_arrows(Ui& ui, MorphEditor& editor, const MorphEditor::KeyRef& key,
                 const std::string& kind) {
  if (!ui.focus().here()) return;
  editor.selected = key;
  const int steps = ui.focus().take_steps(true).x;
  if (steps == 0) return;
  const double at = std::max(0.0, time_of(editor, key) + steps * kStep);
  const std::size_t now = key.track ? move_track_key(editor.state, *key.track, key.key, at)
                                    : move_key(editor.state, key.key, at);
  editor.selected->key = now;
  editor.playing = false;
  // It may have overtaken another one, and goes by that one's name then.
  ui.focus().move_to(ImGui::GetID((kind + std::to_string(now)).c_str()));
}

bool outside(const Rect& lane, const Ui& ui) {
  const float y = ImGui::GetIO().MousePos.y;
  return y < lane.min.y - ui.px(kDragOut) || y > lane.max.y + ui.px(kDragOut);
}

/// Moves the held key along; a face that is dragged out of the lane stays where it was, for it is
/// on its way to another panel.
void follow_hand(Ui& ui, MorphEditor& editor, TimelineView& view, const Rect& lane) {
  if (!view.grip) return;
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    view.grip.reset();
    return;
  }
  const ImGuiIO& io = ImGui::GetIO();
  if (std::abs(io.MousePos.x - view.grip->pressed_x) > ui.px(kDragStart)) view.grip->moved = true;
  if (!view.grip->moved) return;
  if (!view.grip->key.track && outside(lane, ui)) {
    move_to(editor, view, view.grip->origin);
    return;
  }
  double seconds = view.seconds_at(io.MousePos.x) + view.grip->offset;
  if (!io.KeyAlt) seconds = view.snapped(editor, seconds, ui.px(kSnapReach), ui.px(kMarkRoom));
  if (std::abs(seconds - time_of(editor, view.grip->key)) > 1e-9)
    move_to(editor, view, std::max(seconds, 0.0));
}

void draw_mark(Ui& ui, ImDrawList& list, float x, float bottom, double seconds, double step) {
  char text[24];
  std::snprintf(text, sizeof text, step < 1 ? "%.1f" : "%.0f", seconds);
  list.AddText({x + ui.px(4), bottom - ui.px(18)}, palette::kDim, text);
}

void draw_ruler(Ui& ui, const TimelineView& view, const Rect& area) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(area.min, area.max, palette::kRaised, ui.px(4));
  const FontScope font(ui.fonts.small);
  const double step = view.mark_step(ui.px(kMarkRoom));
  const double minor = step / 5;
  const auto from = static_cast<long>(std::ceil(view.first() / minor - 1e-6));
  for (long i = from; static_cast<double>(i) * minor <= view.last() + 1e-6; ++i) {
    const bool major = i % 5 == 0;
    const float x = view.x_of(static_cast<double>(i) * minor);
    list.AddLine({x, area.max.y - ui.px(major ? 9.0F : 4.0F)}, {x, area.max.y}, palette::kDim);
    if (major && x + ui.px(28) < area.max.x)
      draw_mark(ui, list, x, area.max.y, static_cast<double>(i) * minor, step);
  }
}

void draw_region(Ui& ui, const MorphEditor& editor, const TimelineView& view, const Rect& area) {
  if (!editor.region) return;
  const float left = std::clamp(view.x_of(editor.region->from), area.min.x, area.max.x);
  const float right = std::clamp(view.x_of(editor.region->to), area.min.x, area.max.x);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({left, area.min.y}, {right, area.max.y}, IM_COL32(255, 138, 92, 38));
  for (const float x : {left, right})
    list.AddRectFilled({x - ui.px(1), area.min.y}, {x + ui.px(1), area.max.y}, palette::kAccent);
}

void scrub_or_mark(MorphEditor& editor, TimelineView& view) {
  const double end = editor.duration();
  const double here = std::clamp(view.seconds_at(ImGui::GetIO().MousePos.x), 0.0, end);
  if (ImGui::IsItemActivated() && ImGui::GetIO().KeyShift) {
    view.region_start = here;
    editor.region.reset();
  }
  if (!ImGui::IsItemActive()) view.region_start.reset();
  if (view.region_start) {
    editor.region =
        MorphEditor::Region{std::min(*view.region_start, here), std::max(*view.region_start, here)};
  } else if (ImGui::IsItemActive()) {
    editor.playing = false;
    editor.scrub(here);
  }
}

void draw_scrub(Ui& ui, MorphEditor& editor, TimelineView& view, const Rect& area) {
  ImGui::SetCursorScreenPos(area.min);
  ImGui::InvisibleButton("scrub", {area.width(), area.height()});
  ui.control("scrub", Focus::Kind::Steered);
  const double length = editor.duration();
  if (length > 0 && !std::isinf(length)) scrub_or_mark(editor, view);
  if (const int steps = ui.focus().take_steps(true).x; steps != 0) {
    editor.playing = false;
    editor.scrub(editor.state.playhead + steps * kStep);
  }
  if (ImGui::IsItemHovered() && ImGui::GetIO().MouseClickedLastCount[0] == 2) view.show_all();
  ui.tooltip(
      "Drag to any moment. With Shift: plays that part alone (X: all again). Ctrl and the wheel "
      "enlarge, the wheel moves along, a double click shows all.");
  draw_ruler(ui, view, area);
}

/// A line for the way to the next face, and a bar for how long this one stays.
void draw_ways(Ui& ui, const MorphEditor& editor, const TimelineView& view, float y) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::vector<Keyframe>& keys = editor.state.keys;
  if (keys.empty()) return;
  const float end = view.x_of(std::max(editor.duration(), keys.back().time.at));
  list.AddLine({view.x_of(keys.front().time.at), y}, {end, y}, palette::kHovered, ui.px(2));
  for (const Keyframe& key : keys) {
    if (key.time.hold <= 0) continue;
    list.AddRectFilled({view.x_of(key.time.at), y - ui.px(6)},
                       {view.x_of(key.time.at + key.time.hold), y + ui.px(6)},
                       IM_COL32(255, 138, 92, 110), ui.px(3));
  }
}

Deed draw_key(Ui& ui, MorphEditor& editor, TimelineView& view, FaceTiles& tiles, std::size_t index,
              const Rect& lane, bool current) {
  const float size = ui.px(kTile);
  const MorphEditor::KeyRef key{std::nullopt, index};
  const Face face = editor.state.keys[index].face;
  const float x = view.x_of(editor.state.keys[index].time.at);
  ImGui::SetCursorScreenPos({x - size / 2, lane.centre().y - size / 2});
  const std::string name = "walk face " + std::to_string(index);
  TileStyle style{size, current, true, nullptr};
  style.draggable = outside(lane, ui);
  const std::string tip = face_title(face) +
                          ": click to go there, drag along the line to change its time, drag out "
                          "to use it elsewhere";
  style.show_tip = tip.c_str();
  const TileAction action = tiles.draw(name.c_str(), face, style);
  take_grip(editor, view, key);
  take_arrows(ui, editor, key, "walk face ");
  if (editor.selected == key)
    ImGui::GetWindowDrawList()->AddRectFilled({x - size / 2, lane.centre().y + size / 2 + ui.px(3)},
                                              {x + size / 2, lane.centre().y + size / 2 + ui.px(6)},
                                              palette::kAccent, ui.px(2));
  const bool dragged = view.grip && view.grip->moved;
  if (dragged || action == TileAction::None) return {};
  return {action == TileAction::RemoveFromWalk ? Deed::Kind::Remove : Deed::Kind::Select, key};
}

Deed draw_keys(Ui& ui, MorphEditor& editor, TimelineView& view, FaceTiles& tiles,
               const Rect& lane) {
  draw_ways(ui, editor, view, lane.centre().y);
  const std::vector<Keyframe>& keys = editor.state.keys;
  std::size_t from = keys.size();
  if (editor.state.walking && !keys.empty())
    from = walk_position(editor.state.walk, times_of(keys), editor.state.playhead).from;
  Deed deed;
  const float reach = ui.px(kTile);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const float x = view.x_of(keys[i].time.at);
    if (x < lane.min.x - reach || x > lane.max.x + reach) continue;
    const Deed here = draw_key(ui, editor, view, tiles, i, lane, i == from);
    if (here.kind != Deed::Kind::None) deed = here;
  }
  return deed;
}

Deed draw_track_key(Ui& ui, MorphEditor& editor, TimelineView& view, const MorphEditor::KeyRef& key,
                    const Rect& row) {
  const float side = ui.px(14);
  const TrackKey& value = editor.state.tracks[*key.track].keys[key.key];
  const ImVec2 centre{view.x_of(value.time.at), row.centre().y};
  ImGui::SetCursorScreenPos({centre.x - side / 2, centre.y - side / 2});
  const std::string name =
      "track " + std::to_string(*key.track) + " key " + std::to_string(key.key);
  const bool clicked = ImGui::InvisibleButton(name.c_str(), {side, side});
  ui.control(name);
  char tip[96];
  std::snprintf(tip, sizeof tip, "%.2f at %.2f s: drag to change its time, click to select it",
                static_cast<double>(value.value), value.time.at);
  if (ImGui::IsItemHovered()) ui.tooltip(tip);
  take_grip(editor, view, key);
  take_arrows(ui, editor, key, "track " + std::to_string(*key.track) + " key ");
  const bool lit = editor.selected == key || ImGui::IsItemHovered();
  draw_icon(*ImGui::GetWindowDrawList(), Icon::KeySet, centre, side,
            lit ? palette::kAccent : palette::kText);
  const bool dragged = view.grip && view.grip->moved;
  return clicked && !dragged ? Deed{Deed::Kind::Select, key} : Deed{};
}

/// The value over time as a curve, and a diamond for each key.
Deed draw_track(Ui& ui, MorphEditor& editor, TimelineView& view, std::size_t index,
                const Rect& row) {
  const Track& track = editor.state.tracks[index];
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({row.min.x, row.centre().y}, {row.max.x, row.centre().y}, palette::kHovered);
  ImGui::PushClipRect(row.min, row.max, true);
  Deed deed;
  for (std::size_t i = 0; i < track.keys.size(); ++i) {
    const Deed here = draw_track_key(ui, editor, view, {index, i}, row);
    if (here.kind != Deed::Kind::None) deed = here;
  }
  ImGui::PopClipRect();
  return deed;
}

void draw_playhead(Ui& ui, const MorphEditor& editor, const TimelineView& view, const Rect& area) {
  const float x = view.x_of(editor.state.playhead);
  if (!editor.state.walking || x < area.min.x - 1 || x > area.max.x + 1) return;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({x, area.min.y}, {x, area.max.y}, palette::kText, ui.px(1.5F));
  list.AddTriangleFilled({x - ui.px(6), area.min.y}, {x + ui.px(6), area.min.y},
                         {x, area.min.y + ui.px(9)}, palette::kText);
}

void apply(MorphEditor& editor, const Deed& deed) {
  if (deed.kind == Deed::Kind::Remove) editor.remove_key(deed.key);
  if (deed.kind != Deed::Kind::Select) return;
  editor.selected = deed.key;
  editor.playing = false;
  editor.scrub(time_of(editor, deed.key));
}

void turn_wheel(TimelineView& view) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.MouseWheel == 0 || !ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) return;
  const auto wheel = static_cast<double>(io.MouseWheel);
  if (io.KeyCtrl)
    view.zoom(std::pow(kWheelZoom, wheel), view.seconds_at(io.MousePos.x));
  else
    view.pan(-0.1 * wheel * (view.last() - view.first()));
}

/// What the whole width shows when nothing is enlarged; a walk without length has room to drop.
double shown_length(const MorphEditor& editor) {
  const double length = editor.duration();
  if (std::isinf(length)) return std::max(20.0, editor.state.playhead);
  return length > 0 ? length : 4 * editor.state.walk.seconds_per_face;
}

/// What a path that makes its own faces has instead of faces.
void draw_wander(Ui& ui, MorphEditor& editor) {
  WalkShape& walk = editor.state.walk;
  ui.dim_text("Seed");
  ImGui::SameLine();
  std::optional<std::uint64_t> seed = walk.seed;
  if (ui.seed_input("##walk seed", "Another seed, another way; the same seed, always the same",
                    "seed", &seed, ui.px(110)))
    walk.seed = *seed;
  ui.record_item("walk seed");
  ImGui::SameLine();
  if (ui.icon_button("random walk seed", Icon::Dice, "Another way"))
    walk.seed = (walk.seed * 6364136223846793005ULL + 1442695040888963407ULL) % 10'000;
}

void draw_track_names(Ui& ui, const MorphEditor& editor, ImVec2 at, float width) {
  const FontScope font(ui.fonts.small);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const Track& track : editor.state.tracks) {
    const std::string name(target_name(track.target));
    list.PushClipRect(at, {at.x + width, at.y + ui.px(kTrackHeight)}, true);
    list.AddText({at.x, at.y + ui.px(1)}, palette::kDim, name.c_str());
    list.PopClipRect();
    at.y += ui.px(kTrackHeight);
  }
}

}  // namespace

float timeline_height(const Ui& ui, const MorphEditor& editor) {
  const auto tracks = static_cast<float>(editor.state.tracks.size());
  return ui.px(20 + kTile + 16 + kTrackHeight * tracks);
}

void draw_timeline(Ui& ui, MorphEditor& editor, TimelineView& view, FaceTiles& tiles,
                   const Rect& area) {
  const float inset = ui.px(kTile / 2 + 3);
  view.place(area.min.x + inset, area.max.x - inset, shown_length(editor));
  const Rect ruler{area.min, {area.max.x, area.min.y + ui.px(20)}};
  const Rect lane{{area.min.x, ruler.max.y}, {area.max.x, ruler.max.y + ui.px(kTile + 14)}};
  follow_hand(ui, editor, view, lane);
  ImGui::SetCursorScreenPos(area.min);
  ImGui::BeginChild("time line", {area.width(), area.height()}, false,
                    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  turn_wheel(view);
  draw_scrub(ui, editor, view, ruler);
  draw_region(ui, editor, view, {ruler.min, area.max});
  Deed deed;
  if (goes_through_faces(editor.state.walk.path)) {
    if (editor.state.keys.empty() && editor.state.tracks.empty()) {
      ImGui::SetCursorScreenPos({lane.min.x + ui.px(6), lane.min.y + ui.px(10)});
      ui.paragraph("A walk moves through faces. Drop some here, or use the + on a gallery face.");
    }
    deed = draw_keys(ui, editor, view, tiles, lane);
  } else {
    ImGui::SetCursorScreenPos({lane.min.x + ui.px(6), lane.min.y + ui.px(16)});
    draw_wander(ui, editor);
  }
  Rect row{{area.min.x, lane.max.y}, {area.max.x, lane.max.y + ui.px(kTrackHeight)}};
  for (std::size_t i = 0; i < editor.state.tracks.size(); ++i) {
    const Deed here = draw_track(ui, editor, view, i, row);
    if (here.kind != Deed::Kind::None) deed = here;
    row.min.y += ui.px(kTrackHeight);
    row.max.y += ui.px(kTrackHeight);
  }
  draw_playhead(ui, editor, view, {ruler.min, {area.max.x, row.min.y}});
  ImGui::EndChild();
  ui.record_item("walk faces");
  if (auto face = tiles.dropped()) editor.insert_into_walk(std::move(*face));
  draw_track_names(ui, editor, {area.min.x - ui.px(94), lane.max.y}, ui.px(88));
  apply(editor, deed);
}

}  // namespace facemorph
