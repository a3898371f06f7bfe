#include "app/panels/face_tile.hpp"

#include "session/session_file.hpp"

#include <algorithm>
#include <string>

namespace facemorph {
namespace {

constexpr const char* kFacePayload = "face";

bool inside(const Rect& rect, ImVec2 point) {
  return point.x >= rect.min.x && point.x < rect.max.x && point.y >= rect.min.y &&
         point.y < rect.max.y;
}

/// A small round button in a corner of the tile; plain geometry, so that it can lie on the tile.
void draw_corner_button(Ui& ui, Icon icon, const Rect& rect, bool lit) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool hovered = inside(rect, ImGui::GetIO().MousePos);
  list.AddCircleFilled(rect.centre(), rect.width() * 0.5F,
                       hovered ? palette::kAccent : IM_COL32(10, 12, 15, 205));
  const ImU32 colour = hovered ? palette::kOnAccent : lit ? palette::kAccent : palette::kText;
  draw_icon(list, icon, rect.centre(), ui.px(10), colour);
}

void draw_picture(Ui& ui, const Rect& rect, const ImageTexture* picture, float rounding) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (picture == nullptr) {
    list.AddRectFilled(rect.min, rect.max, palette::kRaised, rounding);
    list.AddCircleFilled(rect.centre(), ui.px(2), palette::kHovered);
    return;
  }
  list.AddImageRounded(compat::texture_id(picture->view()), rect.min, rect.max, {0, 0}, {1, 1},
                       IM_COL32_WHITE, rounding);
}

void draw_caption(Ui& ui, const Rect& rect, const char* text, float rounding) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const FontScope font(ui.fonts.small);
  const ImVec2 size = ImGui::CalcTextSize(text);
  const ImVec2 pad{ui.px(5), ui.px(1)};
  const ImVec2 corner{rect.min.x, rect.max.y - size.y - 2 * pad.y};
  list.AddRectFilled(corner, {corner.x + size.x + 2 * pad.x, rect.max.y}, IM_COL32(10, 12, 15, 190),
                     rounding,
                     ImDrawFlags_RoundCornersBottomLeft | ImDrawFlags_RoundCornersTopRight);
  list.AddText({corner.x + pad.x, corner.y + pad.y}, palette::kText, text);
}

/// In which of the two bins a face is.
void draw_mark(Ui& ui, const Rect& rect, const char* letter) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 centre{rect.max.x - ui.px(11), rect.max.y - ui.px(11)};
  list.AddCircleFilled(centre, ui.px(9), palette::kAccent);
  const FontScope font(ui.fonts.small);
  const ImVec2 size = ImGui::CalcTextSize(letter);
  list.AddText({centre.x - size.x / 2, centre.y - size.y / 2}, palette::kOnAccent, letter);
}

}  // namespace

TileAction FaceTiles::draw(const char* name, const Face& face, const TileStyle& style) {
  Ui& ui = ui_;
  const bool clicked = ImGui::InvisibleButton(name, {style.size, style.size});
  const bool by_key = clicked && !pressed_by_mouse();  // which may rest on a corner
  ui.control(name);
  if (ui.focus().here()) meant_.focused = face;
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  if (!ImGui::IsItemVisible()) return TileAction::None;
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) meant_.hovered = face;
  if (style.draggable) offer(face);
  const float rounding = ui.px(7);
  draw_picture(ui, rect, picture(face.latent), rounding);

  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (style.current)
    list.AddRect(rect.min, rect.max, palette::kAccent, rounding, 0, ui.px(2.5F));
  else if (hovered)
    list.AddRect(rect.min, rect.max, palette::kText, rounding, 0, ui.px(1.5F));
  if (style.caption != nullptr) draw_caption(ui, rect, style.caption, rounding);

  const MorphEditor::Mark mark = editor_.mark_of(face);
  if (mark != MorphEditor::Mark::None && !style.removable)
    draw_mark(ui, rect, mark == MorphEditor::Mark::Has ? "A" : "B");

  const float side = std::min(ui.px(19), style.size * 0.34F);
  const float inset = ui.px(3);
  const Rect right{{rect.max.x - side - inset, rect.min.y + inset},
                   {rect.max.x - inset, rect.min.y + side + inset}};
  const Rect left{{rect.min.x + inset, rect.min.y + inset},
                  {rect.min.x + side + inset, rect.min.y + side + inset}};
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (style.removable) {
    if (hovered) draw_corner_button(ui, Icon::Cross, right, false);
    if (hovered) ui.tooltip(inside(right, mouse) ? style.remove_tip : style.show_tip);
    if (!clicked) return TileAction::None;
    return !by_key && inside(right, mouse) ? TileAction::RemoveFromWalk : TileAction::Show;
  }
  const bool favourite = editor_.is_favourite(face);
  if (hovered || favourite)
    draw_corner_button(ui, favourite ? Icon::StarFilled : Icon::Star, right, favourite);
  if (hovered) {
    draw_corner_button(ui, Icon::Plus, left, false);
    const std::string show =
        style.show_tip != nullptr ? style.show_tip : "Show " + face_title(face);
    ui.tooltip(inside(right, mouse)  ? (favourite ? "No longer a favourite" : "Keep as a favourite")
               : inside(left, mouse) ? "Add to the walk"
                                     : show.c_str());
  }
  if (!clicked) return TileAction::None;
  if (by_key) return TileAction::Show;
  if (inside(right, mouse)) return TileAction::ToggleFavourite;
  if (inside(left, mouse)) return TileAction::AddToWalk;
  return TileAction::Show;
}

void FaceTiles::offer(const Face& face) {
  if (!ImGui::BeginDragDropSource()) return;
  const std::string text = face_to_text(face);
  ImGui::SetDragDropPayload(kFacePayload, text.data(), text.size());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float size = ui_.px(56);
  ImGui::Dummy({size, size});
  draw_picture(ui_, {at, {at.x + size, at.y + size}}, picture(face.latent), ui_.px(7));
  ImGui::EndDragDropSource();
}

std::optional<Face> FaceTiles::dropped() {
  if (!ImGui::BeginDragDropTarget()) return std::nullopt;
  std::optional<Face> face;
  if (const ImGuiPayload* dropped = ImGui::AcceptDragDropPayload(kFacePayload))
    face = face_from_text(
        {static_cast<const char*>(dropped->Data), static_cast<std::size_t>(dropped->DataSize)});
  ImGui::EndDragDropTarget();
  return face;
}

void FaceTiles::apply(const Face& face, TileAction action) {
  switch (action) {
    case TileAction::Show:
      editor_.show_face(Face(face));
      break;
    case TileAction::ToggleFavourite:
      editor_.toggle_favourite(Face(face));
      break;
    case TileAction::AddToWalk:
      editor_.add_to_walk(face);
      break;
    case TileAction::RemoveFromWalk:
    case TileAction::None:
      break;
  }
}

}  // namespace facemorph
