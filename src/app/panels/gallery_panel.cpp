#include "app/actions.hpp"
#include "app/panels/face_tile.hpp"
#include "app/panels/panels.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace facemorph {
namespace {

constexpr int kColumns = 4;
constexpr int kFewestFaces = 24;

void draw_navigation(Ui& ui, Viewer& viewer) {
  std::uint64_t& first = viewer.gallery.first;
  if (ui.icon_button(
          "previous page", Icon::Left,
          tip_with_key("The page of seeds before this one", "gallery.previous_page").c_str()))
    viewer.gallery.turn(-1);
  ImGui::SameLine();
  if (ui.icon_button("next page", Icon::Right,
                     tip_with_key("The next page of seeds", "gallery.next_page").c_str()))
    viewer.gallery.turn(1);
  ImGui::SameLine();
  const float dice = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  std::optional<std::uint64_t> target = first;
  if (ui.seed_input("##jump to seed",
                    "Jump to a seed: type a number and press Enter. Seed s is the face that "
                    "torch.manual_seed(s) and torch.randn(1, nz, 1, 1) give in Python.",
                    "seed", &target, ImGui::GetContentRegionAvail().x - dice))
    first = *target;
  ui.record_item("jump to seed");
  ImGui::SameLine();
  if (ui.icon_button("random page", Icon::Dice, "A page from somewhere else"))
    first = (first * 6364136223846793005ULL + 1442695040888963407ULL) % 1'000'000 /
            viewer.gallery.page * viewer.gallery.page;
}

void draw_faces(Viewer& viewer, FaceTiles& tiles, int count, float size, float gap) {
  const int nz = viewer.model.get()->arch.nz;
  for (int i = 0; i < count; ++i) {
    if (i % kColumns != 0) ImGui::SameLine(0, gap);
    const Face face = seed_face(viewer.gallery.first + static_cast<std::uint64_t>(i), nz);
    const bool current =
        !viewer.editor.state.walking && viewer.editor.state.face.latent == face.latent;
    const std::string name = "gallery face " + std::to_string(i);
    const std::string caption = std::to_string(*face.seed);
    tiles.apply(face, tiles.draw(name.c_str(), face, {size, current, false, caption.c_str()}));
  }
}

/// What can be done with a favourite, at a right click or the menu key.
void draw_favourite_menu(Ui& ui, MorphEditor& editor, std::size_t index) {
  if (ui.focus().take_menu()) ImGui::OpenPopup("favourite menu");
  if (!ImGui::BeginPopupContextItem("favourite menu")) return;
  const Face face = editor.favourites[index];
  char name[64] = {};
  face.name.copy(name, sizeof name - 1);
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(ui.px(180));
  if (ImGui::InputTextWithHint("##favourite name", face_title(face).c_str(), name, sizeof name))
    editor.name_face(face, name);
  ui.record_item("favourite name");
  const auto item = [&](const char* label, bool enabled) {
    const bool chosen = ImGui::MenuItem(label, nullptr, false, enabled);
    ui.record_item(label);
    if (chosen) editor.record_edits();  // a name that was typed is an edit of its own
    return chosen;
  };
  if (item("Move to the front", index > 0)) editor.move_favourite(index, 0);
  if (item("Move back by one", index > 0)) editor.move_favourite(index, index - 1);
  if (item("Move on by one", index + 1 < editor.favourites.size()))
    editor.move_favourite(index, index + 1);
  if (item("No longer a favourite", true)) editor.toggle_favourite(face);
  ImGui::EndPopup();
}

void draw_favourite(Ui& ui, MorphEditor& editor, FaceTiles& tiles, std::size_t index, float size) {
  const Face face = editor.favourites[index];
  const bool current = !editor.state.walking && editor.state.face.latent == face.latent;
  const std::string name = "favourite " + std::to_string(index);
  const std::string tip =
      "Show " + face_title(face) + "; right click, or the menu key, to name or move it";
  TileStyle style{size, current, false, face.name.empty() ? nullptr : face.name.c_str()};
  style.show_tip = tip.c_str();
  ImGui::PushID(static_cast<int>(index));
  const TileAction action = tiles.draw(name.c_str(), face, style);
  draw_favourite_menu(ui, editor, index);
  ImGui::PopID();
  tiles.apply(face, action);
}

/// Models whose faces were kept, too: a click opens them.
void draw_other_favourites(Ui& ui, Viewer& viewer) {
  int place = 0;
  for (const auto& [hash, kept] : std::map(viewer.settings.favourites)) {
    if (hash == viewer.editor.state.model.hash || kept.faces.empty() || kept.model.empty())
      continue;
    const std::string label =
        std::to_string(kept.faces.size()) + " kept with " + kept.model + "##favourites of " + hash;
    if (ui.button(label.c_str(), "Opens that model, and its favourites", -1))
      viewer.open_model_of_favourites(hash);
    ui.record_item("other favourites " + std::to_string(place++));
  }
}

void draw_favourites(Ui& ui, Viewer& viewer, FaceTiles& tiles, float size, float gap) {
  ui.heading("Favourites");
  const std::size_t count = viewer.editor.favourites.size();
  if (count == 0)
    ui.paragraph("Click the star on a face, press F, or drop a face here to keep it.");
  for (std::size_t i = 0; i < count && i < viewer.editor.favourites.size(); ++i) {
    if (i % kColumns != 0) ImGui::SameLine(0, gap);
    draw_favourite(ui, viewer.editor, tiles, i, size);
  }
  draw_other_favourites(ui, viewer);
}

}  // namespace

void draw_gallery(Ui& ui, Viewer& viewer, FaceTiles& tiles, const Rect& area) {
  const PanelScope panel("Gallery", area);
  ui.heading("Faces");
  if (!viewer.model.get()) {
    ui.paragraph("They appear when a model is open.");
    return;
  }
  const float gap = ui.px(6);
  const float width = ImGui::GetContentRegionAvail().x;
  const float size = std::floor((width - gap * (kColumns - 1)) / kColumns);
  // As many rows as fit above a strip of favourites, but never fewer than 24 faces.
  const float rows_room =
      ImGui::GetContentRegionAvail().y - ImGui::GetFrameHeightWithSpacing() - ui.px(34) - size;
  const int rows = std::max(kFewestFaces / kColumns, static_cast<int>(rows_room / (size + gap)));
  const int count = rows * kColumns;
  viewer.gallery.page = static_cast<std::uint64_t>(count);
  draw_navigation(ui, viewer);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  draw_faces(viewer, tiles, count, size, gap);
  ImGui::PopStyleVar();
  ImGui::Dummy({0, ui.px(2)});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::BeginGroup();
  draw_favourites(ui, viewer, tiles, size, gap);
  ImGui::EndGroup();
  ui.record_item("favourites");
  if (const auto face = tiles.dropped())
    if (!viewer.editor.is_favourite(*face)) viewer.editor.toggle_favourite(*face);
  ImGui::PopStyleVar();
}

}  // namespace facemorph
