#include "app/panels/panels.hpp"

#include "app/panels/face_tile.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace facemorph {
namespace {

constexpr std::size_t kGrid = 5;  ///< pictures along a side of the pad
constexpr float kStep = 0.02F;    ///< of an arrow key

/// The pad's own pictures, dim, so that one sees where the faces are.
void draw_map(Ui& ui, MorphEditor& editor, FaceTiles& tiles, const Rect& pad) {
  const float cell = pad.width() / kGrid;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(pad.min, pad.max, palette::kRaised, ui.px(8));
  for (std::size_t row = 0; row < kGrid; ++row)
    for (std::size_t column = 0; column < kGrid; ++column) {
      const auto share = [](std::size_t place) {
        return static_cast<float>(place) / static_cast<float>(kGrid - 1);
      };
      const ImageTexture* picture =
          tiles.picture(blended(editor.state.pad, share(column), share(row)));
      if (picture == nullptr) continue;
      const ImVec2 corner{pad.min.x + cell * static_cast<float>(column),
                          pad.min.y + cell * static_cast<float>(row)};
      list.AddImageRounded(compat::texture_id(picture->view()), corner,
                           {corner.x + cell, corner.y + cell}, {0, 0}, {1, 1},
                           IM_COL32(255, 255, 255, 150), ui.px(3));
    }
}

void draw_puck(Ui& ui, const Rect& pad, const MorphPad& state, bool held) {
  const ImVec2 at{pad.min.x + pad.width() * state.x, pad.min.y + pad.height() * state.y};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircleFilled(at, ui.px(held ? 13 : 11), IM_COL32(10, 12, 15, 170));
  list.AddCircleFilled(at, ui.px(held ? 10 : 8), palette::kAccent);
  list.AddCircle(at, ui.px(held ? 10 : 8), palette::kText, 0, ui.px(1.5F));
}

void draw_square(Ui& ui, MorphEditor& editor, FaceTiles& tiles, float side) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect pad{at, {at.x + side, at.y + side}};
  ImGui::InvisibleButton("pad", {side, side});
  ui.control("pad", Focus::Kind::Steered);
  ui.tooltip("Drag to blend the four faces in the corners; arrows move it, too");
  const bool held = ImGui::IsItemActive();
  if (held) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    editor.move_puck(std::clamp((mouse.x - pad.min.x) / side, 0.0F, 1.0F),
                     std::clamp((mouse.y - pad.min.y) / side, 0.0F, 1.0F));
  }
  const Focus::Steps steps = ui.focus().take_steps(false);
  if (steps.x != 0 || steps.y != 0) {
    const MorphPad now = pad_at(editor.state, editor.state.playhead);
    editor.move_puck(std::clamp(now.x + kStep * static_cast<float>(steps.x), 0.0F, 1.0F),
                     std::clamp(now.y + kStep * static_cast<float>(steps.y), 0.0F, 1.0F));
  }
  draw_map(ui, editor, tiles, pad);
  draw_puck(ui, pad, pad_at(editor.state, editor.state.playhead), held);
}

/// A corner shows its face, and takes another when it is dropped there.
void draw_corner(MorphEditor& editor, FaceTiles& tiles, std::size_t corner, float size) {
  const Face face = editor.state.pad.corners[corner];
  const std::string name = "corner " + std::to_string(corner);
  TileStyle style{size, false, false, nullptr};
  const std::string tip = "Show " + face_title(face) + "; drop another face here to replace it";
  style.show_tip = tip.c_str();
  tiles.apply(face, tiles.draw(name.c_str(), face, style));
  if (auto dropped = tiles.dropped()) editor.set_corner(corner, std::move(*dropped));
}

void draw_corners(Ui& ui, MorphEditor& editor, FaceTiles& tiles, std::size_t left, float width) {
  const float size = ui.px(64);
  draw_corner(editor, tiles, left, size);
  ImGui::SameLine(width - size);
  draw_corner(editor, tiles, left + 1, size);
}

}  // namespace

void draw_pad_tab(Ui& ui, MorphEditor& editor, FaceTiles& tiles) {
  ImGui::BeginChild("morph pad");
  const float width = ImGui::GetContentRegionAvail().x;
  draw_corners(ui, editor, tiles, 0, width);
  draw_square(ui, editor, tiles, width);
  draw_corners(ui, editor, tiles, 2, width);
  const float key = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  if (ui.button("Other corners", "Four random faces", width - key)) editor.random_corners();
  ImGui::SameLine();
  draw_key_button(ui, editor, "key of pad", {TrackKind::Pad, {}});
  ImGui::EndChild();
}

}  // namespace facemorph
