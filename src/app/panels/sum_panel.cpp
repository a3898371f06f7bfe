#include "app/panels/panels.hpp"

#include "app/panels/face_tile.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

constexpr std::size_t kMostTerms = 8;
constexpr std::size_t kNeighbours = 8;
constexpr float kMostWeight = 2.0F;

void draw_letter(Ui& ui, const std::string& letter) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ImGui::GetFrameHeight();
  ImGui::Dummy({ui.px(18), height});
  const FontScope font(ui.fonts.title);
  ImGui::GetWindowDrawList()->AddText({at.x, at.y + (height - ImGui::GetFontSize()) / 2},
                                      palette::kText, letter.c_str());
}

/// Letter, weight, and buttons at the right. Returns whether the term is to go.
bool draw_term_head(Ui& ui, Viewer& viewer, std::size_t index) {
  FaceSum& sum = viewer.state.sum;
  SumTerm& term = sum.terms[index];
  const std::string letter = term_name(index);
  const float button = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  draw_letter(ui, letter);
  ImGui::SameLine();
  const std::string id = "##weight " + letter;
  ui.slider(id.c_str(),
            "How much these faces count: below zero they are taken away. Double-click: "
            "1 or -1.",
            &term.weight, {-kMostWeight, kMostWeight, 0.0F, term.weight < 0 ? -1.0F : 1.0F, false},
            "%+.2f", ImGui::GetContentRegionAvail().x - 2 * button);
  term.weight = std::clamp(term.weight, -10.0F, 10.0F);
  ui.record_item("weight " + letter);
  ImGui::SameLine();
  if (ui.icon_button(("add to " + letter).c_str(), Icon::Plus, "Put the face on the stage in here"))
    term.faces.push_back(viewer.shown_face());
  ImGui::SameLine();
  const bool removable = sum.terms.size() > 1;
  return ui.icon_button(("remove " + letter).c_str(), Icon::Cross,
                        removable ? "Remove this term" : "A sum needs a term") &&
         removable;
}

void draw_empty_bin(Ui& ui, const Rect& rect) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(rect.min, rect.max, IM_COL32(22, 25, 30, 255), ui.px(7));
  list.AddRect(rect.min, rect.max, palette::kLine, ui.px(7), 0, ui.px(1));
  const FontScope font(ui.fonts.small);
  const char* text = "Drop faces here: three make a steady mean";
  const ImVec2 size = ImGui::CalcTextSize(text);
  list.AddText({rect.centre().x - size.x / 2, rect.centre().y - size.y / 2}, palette::kDim, text);
}

/// The faces of a term, which take another one when it is dropped on them.
void draw_bin(Ui& ui, Viewer& viewer, MeantFaces& meant, std::size_t index) {
  SumTerm& term = viewer.state.sum.terms[index];
  const float size = ui.px(48);
  const std::string name = "bin " + term_name(index);
  ImGui::BeginChild(name.c_str(), {0, size}, false, ImGuiWindowFlags_NoScrollWithMouse);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const Rect bin{at, {at.x + ImGui::GetContentRegionAvail().x, at.y + size}};
  if (term.faces.empty()) draw_empty_bin(ui, bin);
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < term.faces.size(); ++i) {
    if (i > 0) ImGui::SameLine(0, ui.px(5));
    ImGui::PushID(static_cast<int>(i));
    const Face face = term.faces[i];
    const std::string tile = name + " face " + std::to_string(i);
    TileStyle style{size, false, true, nullptr};
    style.remove_tip = "Take this face out of the sum";
    const TileAction action = draw_face_tile(ui, viewer, meant, tile.c_str(), face, style);
    ImGui::PopID();
    if (action == TileAction::RemoveFromWalk) removed = i;
    if (action == TileAction::Show) viewer.show_face(Face(face));
  }
  if (ImGui::IsWindowHovered() && ImGui::GetIO().MouseWheel != 0)
    ImGui::SetScrollX(ImGui::GetScrollX() - ImGui::GetIO().MouseWheel * size);
  ImGui::EndChild();
  ui.record(name, bin);
  if (auto face = dropped_face()) term.faces.push_back(std::move(*face));
  if (removed) term.faces.erase(term.faces.begin() + static_cast<std::ptrdiff_t>(*removed));
}

void draw_terms(Ui& ui, Viewer& viewer, MeantFaces& meant) {
  std::optional<std::size_t> removed;
  std::vector<SumTerm>& terms = viewer.state.sum.terms;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    if (draw_term_head(ui, viewer, i)) removed = i;
    draw_bin(ui, viewer, meant, i);
    ImGui::Dummy({0, ui.px(1)});
    ImGui::PopID();
  }
  if (removed) terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(*removed));
  const float half = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  if (ui.button("Another term", "One more bin of faces to add or take away", half) &&
      terms.size() < kMostTerms)
    terms.push_back({});
  ImGui::SameLine();
  bool typical = viewer.state.sum.length == SumLength::Typical;
  if (ui.checkbox(
          "Typical length",
          "On: the result is scaled to √nz, the length of a random latent, so that it looks "
          "as sharp as one. Off: as the sum gives it; means of many faces are short, and "
          "look averaged.",
          &typical))
    viewer.state.sum.length = typical ? SumLength::Typical : SumLength::Raw;
}

/// The sum in the middle of its noisy neighbours, as Radford et al. show it.
void draw_result(Ui& ui, Viewer& viewer, MeantFaces& meant, const Latent& result) {
  const float gap = ui.px(5);
  const float size = std::floor((ImGui::GetContentRegionAvail().x - 2 * gap) / 3);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  std::size_t neighbour = 0;
  for (std::size_t cell = 0; cell <= kNeighbours; ++cell) {
    if (cell % 3 != 0) ImGui::SameLine(0, gap);
    const bool centre = cell == kNeighbours / 2;
    Face face;
    face.latent = centre ? result : noisy_neighbour(result, viewer.state.sum.noise, neighbour);
    if (centre) face.name = title_of(viewer.state.sum);
    const std::string name = centre ? "sum result" : "sum neighbour " + std::to_string(neighbour);
    if (!centre) ++neighbour;
    TileStyle style{size, !viewer.state.walking && viewer.state.face.latent == face.latent, false,
                    centre ? "the sum" : nullptr};
    style.show_tip = centre ? "Show the sum" : "Show this neighbour of the sum";
    apply_tile_action(viewer, face, draw_face_tile(ui, viewer, meant, name.c_str(), face, style));
  }
  ImGui::PopStyleVar();
}

void draw_make_direction(Ui& ui, Viewer& viewer) {
  const std::vector<SumTerm>& terms = viewer.state.sum.terms;
  if (terms.size() < 2) return;
  const bool ready = !terms[0].faces.empty() && !terms[1].faces.empty();
  const float half = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  ImGui::BeginDisabled(!ready);
  if (ui.button("Slider: A − B",
                ready ? "Keeps the way from the mean of B to that of A as a direction: a slider "
                        "that adds or takes away what A has and B has not"
                      : "Put faces into A and B first",
                half))
    viewer.add_direction("A − B", direction_between(terms[1], terms[0]));
  ImGui::SameLine();
  if (ui.button("Slider: boundary",
                ready
                    ? "Finds the plane that parts faces that have something (A) from those that "
                      "have not (B), and keeps its normal as a direction (InterFaceGAN). With ten "
                      "faces or more on each side it is truer than A − B."
                    : "Put faces into A and B first",
                half))
    viewer.add_direction("A, not B", boundary_of(terms[0], terms[1]));
  ImGui::EndDisabled();
}

}  // namespace

void draw_sum_tab(Ui& ui, Viewer& viewer, MeantFaces& meant) {
  ImGui::BeginChild("sum");
  draw_terms(ui, viewer, meant);
  ImGui::Dummy({0, ui.px(2)});
  const Latent result = result_of(viewer.state.sum);
  if (result.empty()) {
    ui.paragraph(
        "Add and take away what faces have in common: three smiling women, minus three women, plus "
        "three men. Drag faces from anywhere into A, B and C.");
  } else {
    draw_result(ui, viewer, meant, result);
    ImGui::SetNextItemWidth(-1);
    ui.slider("##noise", "How far the neighbours are from the sum. Double-click: 0.25.",
              &viewer.state.sum.noise, {0.0F, 1.0F, 0.0F, 0.25F, false}, "neighbours %.2f away",
              -1);
    viewer.state.sum.noise = std::clamp(viewer.state.sum.noise, 0.0F, 10.0F);
    ui.record_item("noise");
  }
  draw_make_direction(ui, viewer);
  ImGui::EndChild();
}

}  // namespace facemorph
