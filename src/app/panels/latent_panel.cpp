#include "app/actions.hpp"
#include "app/panels/panels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

constexpr float kRange = 3.0F;  // a standard normal leaves +-3 once in 370 values
constexpr std::size_t kGroup = 10;
constexpr int kColumns = 2;

void draw_face_controls(Ui& ui, MorphEditor& editor) {
  const float button = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  const int nz = editor.nz();
  const Face shown = editor.shown_face();
  std::optional<std::uint64_t> seed = shown.seed;
  ImGui::AlignTextToFramePadding();
  ui.dim_text("Seed");
  ImGui::SameLine();
  if (ui.icon_button("previous seed", Icon::Left,
                     tip_with_key("The seed before", "face.previous_seed").c_str()))
    editor.step_seed(-1);
  ImGui::SameLine();
  if (ui.seed_input("##seed", "The seed of this face: type one and press Enter",
                    editor.state.walking ? "between" : "edited", &seed,
                    ImGui::GetContentRegionAvail().x - 3 * button))
    editor.show_face(seed_face(*seed, nz));
  ui.record_item("seed");
  ImGui::SameLine();
  if (ui.icon_button("next seed", Icon::Right,
                     tip_with_key("The next seed", "face.next_seed").c_str()))
    editor.step_seed(1);
  ImGui::SameLine();
  if (ui.icon_button(
          "random face", Icon::Dice,
          tip_with_key("A face from a random seed; locked dimensions stay", "face.random").c_str()))
    editor.random_face();
  ImGui::SameLine();
  const bool favourite = editor.is_favourite(shown);
  if (ui.icon_button(
          "favourite", favourite ? Icon::StarFilled : Icon::Star,
          tip_with_key(favourite ? "No longer a favourite" : "Keep this face as a favourite",
                       "face.favourite")
              .c_str(),
          favourite))
    editor.toggle_favourite(shown);
}

void draw_name(Ui& ui, MorphEditor& editor) {
  ImGui::AlignTextToFramePadding();
  ui.dim_text("Name");
  ImGui::SameLine(ui.px(92));
  ImGui::SetNextItemWidth(-1);
  const Face shown = editor.shown_face();
  char text[64] = {};
  shown.name.copy(text, sizeof text - 1);
  if (ImGui::InputTextWithHint("##name", face_title(shown).c_str(), text, sizeof text)) {
    editor.grab_shown();
    editor.name_face(editor.state.face, text);
  }
  ui.control("face name", Focus::Kind::Field);
  ui.tooltip("What to call this face; it keeps the name wherever it goes");
}

void draw_truncation(Ui& ui, MorphEditor& editor, const Latent& latent) {
  ImGui::AlignTextToFramePadding();
  ui.dim_text("Truncation");
  ImGui::SameLine(ui.px(92));
  float truncation = editor.truncation();
  const float key = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.x;
  if (ui.slider("##truncation",
                "Scales the latent towards the mean face: below 1 faces are more ordinary and "
                "cleaner, above 1 stranger. Double-click: 1.",
                &truncation, {0.0F, 1.5F, 0.0F, 1.0F, false}, "%.2f",
                ImGui::GetContentRegionAvail().x - key))
    editor.set_truncation(std::clamp(truncation, 0.0F, 1.5F));
  ui.record_item("truncation");
  ImGui::SameLine();
  draw_key_button(ui, editor, "key of truncation", {TrackKind::Truncation, {}});

  const float length = norm(latent) * truncation;
  const float typical = std::sqrt(static_cast<float>(latent.size()));
  ImGui::AlignTextToFramePadding();
  ui.dim_text("Norm");
  ImGui::SameLine(ui.px(92));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ImGui::GetFrameHeight();
  const float width = ImGui::GetContentRegionAvail().x;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float bar = ui.px(4);
  const float text_width = ui.px(118);
  const float y = at.y + (height - bar) / 2;
  const float room = width - text_width;
  list.AddRectFilled({at.x, y}, {at.x + room, y + bar}, palette::kRaised, bar / 2);
  list.AddRectFilled({at.x, y},
                     {at.x + room * std::clamp(length / (2 * typical), 0.0F, 1.0F), y + bar},
                     palette::kAccent, bar / 2);
  list.AddLine({at.x + room / 2, y - ui.px(4)}, {at.x + room / 2, y + bar + ui.px(4)},
               palette::kDim, ui.px(1.5F));
  char text[64];
  std::snprintf(text, sizeof text, "%.1f of √%zu = %.1f", length, latent.size(), typical);
  const FontScope font(ui.fonts.small);
  list.AddText({at.x + room + ui.px(8), at.y + (height - ImGui::GetFontSize()) / 2}, palette::kDim,
               text);
  ImGui::InvisibleButton("norm", {width, height});
  ui.record_item("norm");
  std::string tip =
      "The latent's length. Random faces lie near √nz (the mark): much shorter ones look "
      "averaged, much longer ones overdone. Now: ";
  tip += text;
  ui.tooltip(tip.c_str());
}

void draw_dimension(Ui& ui, MorphEditor& editor, const Latent& latent, std::size_t index,
                    float width) {
  const bool locked = editor.locked[index];
  const float lock_width = ui.px(16);
  const float number_width = ui.px(24);
  const float height = ImGui::GetFrameHeight();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(static_cast<int>(index));
  if (ImGui::InvisibleButton("lock", {lock_width + number_width, height}))
    editor.locked[index] = !locked;
  ImGui::PopID();
  ui.control("lock z" + std::to_string(index));
  const bool hovered = ImGui::IsItemHovered();
  ui.tooltip(locked ? "Locked: Randomise leaves it alone. Click to unlock."
                    : "Click to lock against Randomise.");
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const FontScope font(ui.fonts.small);
  if (locked || hovered)
    draw_icon(list, locked ? Icon::Locked : Icon::Unlocked, {at.x + ui.px(6), at.y + height / 2},
              ui.px(12), locked ? palette::kAccent : palette::kDim);
  char number[24];
  std::snprintf(number, sizeof number, "%zu", index);
  const ImVec2 size = ImGui::CalcTextSize(number);
  list.AddText({at.x + lock_width + number_width - size.x - ui.px(5), at.y + (height - size.y) / 2},
               hovered ? palette::kText : palette::kDim, number);
  ImGui::SameLine(0, 0);
  float value = latent[index];
  const std::string id = "##z" + std::to_string(index);
  const bool changed = ui.slider(
      id.c_str(),
      "Drag to change this dimension. Ctrl+click: type a value. Double-click: back to 0, the mean.",
      &value, {-kRange, kRange, 0.0F, 0.0F, locked}, "%.2f", width - lock_width - number_width);
  ui.record_item("z" + std::to_string(index));
  if (changed && std::isfinite(value)) editor.set_dimension(index, value);
}

void draw_group_header(Ui& ui, MorphEditor& editor, std::size_t first, std::size_t last) {
  const float height = ImGui::GetFrameHeight();
  char text[48];
  std::snprintf(text, sizeof text, "%zu – %zu", first, last - 1);
  const std::string suffix = "z" + std::to_string(first);
  ImGui::AlignTextToFramePadding();
  ui.dim_text(text);
  ImGui::SameLine(ImGui::GetContentRegionAvail().x - 2 * height - ui.px(6));
  const auto begin = editor.locked.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = editor.locked.begin() + static_cast<std::ptrdiff_t>(last);
  const bool all_locked = std::all_of(begin, end, [](bool lock) { return lock; });
  if (ui.icon_button(("lock group " + suffix).c_str(), all_locked ? Icon::Locked : Icon::Unlocked,
                     all_locked ? "Unlock this group" : "Lock this group against Randomise",
                     all_locked))
    std::fill(begin, end, !all_locked);
  ImGui::SameLine(0, ui.px(6));
  if (ui.icon_button(("randomise group " + suffix).c_str(), Icon::Dice, "Randomise this group"))
    editor.randomise(first, last);
}

/// Rows of equal height, so that only those on screen are laid out: a header per group, then pairs.
void draw_dimensions(Ui& ui, MorphEditor& editor, const Latent& latent) {
  ImGui::BeginChild("dimensions");
  const std::size_t groups = (latent.size() + kGroup - 1) / kGroup;
  const std::size_t rows_per_group = 1 + (kGroup + kColumns - 1) / kColumns;
  const float gap = ui.px(10);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(groups * rows_per_group), ImGui::GetFrameHeightWithSpacing());
  while (clipper.Step()) {
    for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
      const std::size_t group = static_cast<std::size_t>(row) / rows_per_group;
      const std::size_t line = static_cast<std::size_t>(row) % rows_per_group;
      const std::size_t first = group * kGroup;
      const std::size_t last = std::min(first + kGroup, latent.size());
      if (line == 0) {
        draw_group_header(ui, editor, first, last);
        continue;
      }
      const float width = (ImGui::GetContentRegionAvail().x - gap) / kColumns;
      bool any = false;
      for (int column = 0; column < kColumns; ++column) {
        const std::size_t index = first + (line - 1) * kColumns + static_cast<std::size_t>(column);
        if (index >= last) break;
        if (column > 0) ImGui::SameLine(width + gap);
        draw_dimension(ui, editor, latent, index, width);
        any = true;
      }
      if (!any) ImGui::Dummy({0, ImGui::GetFrameHeight()});
    }
  }
  ImGui::EndChild();
}

}  // namespace

void draw_latent_tab(Ui& ui, MorphEditor& editor) {
  const Latent latent = editor.shown_latent();
  draw_face_controls(ui, editor);
  draw_name(ui, editor);
  draw_truncation(ui, editor, latent);
  const float half = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  if (ui.button("Randomise", "New random values for all unlocked dimensions", half))
    editor.randomise(0, latent.size());
  ImGui::SameLine();
  if (ui.button("Add to walk",
                tip_with_key("Add the face on the stage to the walk", "walk.add").c_str(), half))
    editor.add_shown_to_walk();
  draw_dimensions(ui, editor, latent);
}

}  // namespace facemorph
