#include "app/panels/panels.hpp"

#include "app/panels/face_tile.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace facemorph {
namespace {

constexpr int kColumns = 4;
constexpr int kFewestFaces = 24;

void draw_navigation(Ui& ui, Viewer& viewer) {
  std::uint64_t& first = viewer.gallery_first_seed;
  if (ui.icon_button("previous page", Icon::Left, "The page of seeds before this one (Page Up)"))
    viewer.turn_gallery_page(-1);
  ImGui::SameLine();
  if (ui.icon_button("next page", Icon::Right, "The next page of seeds (Page Down)"))
    viewer.turn_gallery_page(1);
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
            viewer.gallery_page * viewer.gallery_page;
}

void draw_faces(Ui& ui, Viewer& viewer, MeantFaces& meant, int count, float size, float gap) {
  const int nz = viewer.model()->arch.nz;
  for (int i = 0; i < count; ++i) {
    if (i % kColumns != 0) ImGui::SameLine(0, gap);
    const Face face = seed_face(viewer.gallery_first_seed + static_cast<std::uint64_t>(i), nz);
    const bool current = !viewer.state.walking && viewer.state.face.latent == face.latent;
    const std::string name = "gallery face " + std::to_string(i);
    const std::string caption = std::to_string(*face.seed);
    apply_tile_action(viewer, face,
                      draw_face_tile(ui, viewer, meant, name.c_str(), face,
                                     {size, current, false, caption.c_str()}));
  }
}

void draw_favourites(Ui& ui, Viewer& viewer, MeantFaces& meant, float size, float gap) {
  ui.heading("Favourites");
  const std::vector<Face> faces = viewer.favourites();  // a copy: a click may change the list
  if (faces.empty()) {
    ui.paragraph("Click the star on a face, press F, or drop a face here to keep it.");
    return;
  }
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (i % kColumns != 0) ImGui::SameLine(0, gap);
    const bool current = !viewer.state.walking && viewer.state.face.latent == faces[i].latent;
    const std::string name = "favourite " + std::to_string(i);
    apply_tile_action(
        viewer, faces[i],
        draw_face_tile(ui, viewer, meant, name.c_str(), faces[i], {size, current, false, nullptr}));
  }
}

}  // namespace

void draw_gallery(Ui& ui, Viewer& viewer, MeantFaces& meant, const Rect& area) {
  const PanelScope panel("Gallery", area);
  ui.heading("Faces");
  if (!viewer.model()) {
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
  viewer.gallery_page = static_cast<std::uint64_t>(count);
  draw_navigation(ui, viewer);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  draw_faces(ui, viewer, meant, count, size, gap);
  ImGui::PopStyleVar();
  ImGui::Dummy({0, ui.px(2)});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::BeginGroup();
  draw_favourites(ui, viewer, meant, size, gap);
  ImGui::EndGroup();
  ui.record_item("favourites");
  if (const auto face = dropped_face())
    if (!viewer.is_favourite(*face)) viewer.toggle_favourite(*face);
  ImGui::PopStyleVar();
}

}  // namespace facemorph
