#include "app/panels/panels.hpp"

#include "app/panels/face_tile.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace facemorph {
namespace {

void draw_waiting(const OpenModel& model, const Rect& area) {
  const char* text = model.loading() || model.get()
                         ? "Loading the model …"
                         : "Open a checkpoint: File › Open, or drop one on this window";
  const ImVec2 size = ImGui::CalcTextSize(text);
  ImGui::GetWindowDrawList()->AddText({area.centre().x - size.x / 2, area.centre().y - size.y / 2},
                                      palette::kDim, text);
}

std::string walk_title(const MorphEditor& editor) {
  const std::vector<Keyframe>& keys = editor.state.keys;
  if (keys.empty()) return "pad";
  const KeyPosition at = walk_position(editor.state.walk, times_of(keys), editor.state.playhead);
  const std::string from = face_title(keys[at.from].face);
  return at.from == at.to ? from : from + "  →  " + face_title(keys[at.to].face);
}

void draw_title(Ui& ui, const MorphEditor& editor, const Rect& picture) {
  std::string title = face_title(editor.state.face);
  if (moves(editor.state) && !goes_through_faces(editor.state.walk.path)) {
    title = editor.state.walk.path == WalkPath::Drift ? "drift " : "noise loop ";
    title += std::to_string(editor.state.walk.seed);
  } else if (moves(editor.state)) {
    title = walk_title(editor);
  }
  const FontScope font(ui.fonts.small);
  const ImVec2 size = ImGui::CalcTextSize(title.c_str());
  const ImVec2 pad{ui.px(9), ui.px(4)};
  const ImVec2 corner{picture.min.x + ui.px(10), picture.max.y - size.y - 2 * pad.y - ui.px(10)};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(corner, {corner.x + size.x + 2 * pad.x, corner.y + size.y + 2 * pad.y},
                     IM_COL32(10, 12, 15, 180), ui.px(6));
  list.AddText({corner.x + pad.x, corner.y + pad.y}, palette::kText, title.c_str());
}

}  // namespace

void draw_stage(Ui& ui, Viewer& viewer, StageView& stage, FaceTiles& tiles, const Rect& area) {
  MorphEditor& editor = viewer.editor;
  const PanelScope panel("Stage", area,
                         ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse |
                             ImGuiWindowFlags_NoBackground);  // that of the window shows
  if (stage.empty()) {
    draw_waiting(viewer.model, area);
    return;
  }
  const float margin = ui.px(14);
  const float room_x = area.width() - 2 * margin;
  const float room_y = area.height() - 2 * margin;
  const float height = std::floor(std::max(32.0F, std::min(room_y, room_x / stage.aspect())));
  const float width = std::floor(height * stage.aspect());
  // The picture is made for the display's own pixels, not ImGui's points, and lies on them.
  const ImVec2 density = ImGui::GetIO().DisplayFramebufferScale;
  const int pixels_wide = static_cast<int>(std::lround(width * density.x));
  const int pixels_high = static_cast<int>(std::lround(height * density.y));
  const ImVec2 corner{std::floor((area.centre().x - width / 2) * density.x) / density.x,
                      std::floor((area.centre().y - height / 2) * density.y) / density.y};
  const Rect picture{corner,
                     {corner.x + static_cast<float>(pixels_wide) / density.x,
                      corner.y + static_cast<float>(pixels_high) / density.y}};
  const TextureView texture = stage.texture(pixels_wide, pixels_high, viewer.settings.filter);
  ImGui::GetWindowDrawList()->AddImageRounded(compat::texture_id(texture), picture.min, picture.max,
                                              {0, 0}, {1, 1}, IM_COL32_WHITE, ui.px(10));
  ImGui::SetCursorScreenPos(picture.min);
  ImGui::InvisibleButton("stage picture", {picture.width(), picture.height()});
  tiles.offer(editor.shown_face());
  if (auto face = tiles.dropped()) editor.show_face(std::move(*face));
  ui.record("stage picture", picture);
  draw_title(ui, editor, picture);
}

}  // namespace facemorph
