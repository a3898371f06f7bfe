#include "app/dialogs/dialogs.hpp"
#include "app/train/train_view.hpp"
#include "ui/choice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace facemorph {
namespace {

constexpr std::array<std::pair<bool, const char*>, 2> kStarts = {
    {{false, "Nothing"}, {true, "The open model"}}};
constexpr std::array<std::pair<Crop, const char*>, 2> kCrops = {
    {{Crop::Centre, "The middle square"}, {Crop::None, "All of it, squeezed"}}};
constexpr std::array<std::pair<Quality, const char*>, 3> kQualities = {
    {{Quality::Sketch, "Sketch, 32 pixels"},
     {Quality::Good, "Good, 64 pixels"},
     {Quality::Fine, "Fine, 128 pixels (slow)"}}};

void draw_source(Ui& ui, TrainingDesk& desk, Dialogs& dialogs) {
  TrainingPlan& plan = desk.plan;
  draw_label(ui, "Pictures");
  if (plan.drawn) {
    ui.dim_text("2,000 drawn faces");
  } else {
    const float browse = ui.px(76);
    const std::string before = plan.data;
    draw_text_field(ui, "training pictures",
                    "A folder, a .zip or a .tar of JPEG, PNG or WebP pictures; or drop a folder on "
                    "the window",
                    "Drop a folder here", &plan.data, -browse - ImGui::GetStyle().ItemSpacing.x);
    if (plan.data != before && !plan.data.empty()) desk.plan_for(plan.data);
    ImGui::SameLine();
    if (ui.button("Browse…##pictures", "Look for a folder or an archive", browse))
      dialogs.open(DialogName::Pictures);
  }
  draw_label(ui, "");
  if (plan.drawn) {
    if (ui.button("Use pictures of mine", "A folder or an archive instead", -1)) plan.drawn = false;
  } else if (ui.button("Try it on drawn faces",
                       "Simple faces that Facemorph draws itself: nothing to look for", -1)) {
    desk.plan_for_drawn_faces();
  }
}

void draw_counts(Ui& ui, const PicturePreview& preview) {
  if (preview.pictures()) {
    const DataSet& pictures = *preview.pictures();
    draw_picture_counts(ui, pictures.size(), pictures.skipped(), pictures.other_files(),
                        pictures.left_out());
  }
  if (!preview.problem().empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, palette::kWarning);
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextUnformatted(preview.problem().c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ui.record_item("picture problem");
  } else if (!preview.pictures()) {
    ui.dim_text(reading_text(preview.progress()).c_str());
  }
}

/// What the network will see, and what is done to it.
void draw_preview(Ui& ui, TrainingDesk& desk) {
  TrainingPlan& plan = desk.plan;
  if (!plan.drawn && plan.data.empty()) return;
  desk.preview_plan();
  PicturePreview& preview = desk.preview();
  const float width = ImGui::GetContentRegionAvail().x;
  // The place is kept while they are read, so that nothing jumps.
  const float height = std::round(width * PicturePreview::kRows / PicturePreview::kColumns);
  const std::shared_ptr<const Image> sheet = preview.pictures() ? preview.sheet() : nullptr;
  if (draw_picture(ui, "picture preview", sheet, {width, height})) preview.turn();
  ui.control("picture preview");
  ui.tooltip(
      "As the network sees them: cropped, shrunk, and changed at random as chosen below. "
      "Click for others.");
  draw_counts(ui, preview);
  AugmentSettings& augment = plan.config.augment;
  const float half = width / 2;
  const auto toggle = [&](const char* label, const char* tip, bool on, auto set) {
    if (ui.checkbox(label, tip, &on)) set(on);
  };
  ui.checkbox("Mirrored", "Half of them the other way round", &plan.config.flip);
  ImGui::SameLine(half);
  const bool changed = augment.probability > 0;
  toggle("Shifted", "Moved a little before D sees them (DiffAugment): it needs fewer pictures",
         changed && augment.translation > 0, [&](bool on) {
           if (on && !changed) augment = {0.7, false, 0, 0};
           augment.translation = on ? 0.125 : 0;
         });
  toggle("Cut out", "With a blank square before D sees them (DiffAugment)",
         changed && augment.cutout > 0, [&](bool on) {
           if (on && !changed) augment = {0.7, false, 0, 0};
           augment.cutout = on ? 1.0 / 3.0 : 0;
         });
  ImGui::SameLine(half);
  toggle("Other colours", "Brighter, paler, of more contrast before D sees them (DiffAugment)",
         changed && augment.colour, [&](bool on) {
           if (on && !changed) augment = {0.7, false, 0, 0};
           augment.colour = on;
         });
  draw_label(ui, "Taken is");
  draw_choice(ui, "crop", "Of pictures that are no squares", &plan.config.crop, kCrops, -1);
}

void draw_quality(Ui& ui, TrainingPlan& plan) {
  if (plan.from_open_model) return;
  draw_label(ui, "Quality");
  const auto now = quality_of(plan.config);
  const auto* shown = std::ranges::find(kQualities, now.value_or(Quality::Good),
                                        &std::pair<Quality, const char*>::first);
  const bool open = ui.begin_combo("##quality", "Twice the size takes about four times as long",
                                   now ? shown->second : "As chosen under Advanced", -1);
  if (!open) {
    ui.record_item("training quality");
    return;
  }
  for (const auto& [quality, text] : kQualities) {
    if (ImGui::Selectable(text, now == quality)) set_quality(plan.config, quality);
    ui.record_item(std::string("training quality: ") + text);
  }
  ImGui::EndCombo();
}

/// Training ends there; what was done is kept.
void draw_failure(Ui& ui, const Training& training) {
  if (training.state() != Training::State::Failed) return;
  ImGui::PushStyleColor(ImGuiCol_Text, palette::kError);
  ImGui::PushTextWrapPos(0.0F);
  ImGui::TextUnformatted(("The last run failed. " + training.failure()).c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ui.record_item("training failure");
  ImGui::Dummy({0, ui.px(2)});
}

}  // namespace

void draw_train_plan(Ui& ui, TrainingDesk& desk, Dialogs& dialogs) {
  TrainingPlan& plan = desk.plan;
  ui.heading("Teach it your pictures");
  draw_failure(ui, desk.run());
  if (!plan.drawn && plan.data.empty())
    ui.paragraph(
        "Faces appear under your own sliders while the network learns. Some hundred pictures are "
        "enough to start from the open model, some thousand to start from nothing.");
  ImGui::Dummy({0, ui.px(2)});
  draw_source(ui, desk, dialogs);
  draw_preview(ui, desk);
  draw_quality(ui, plan);
  draw_label(ui, "Start from");
  draw_choice(ui, "start from",
              "From the open model it is quicker, and needs fewer pictures; it has to be a network "
              "of the tutorial's kind",
              &plan.from_open_model, kStarts, -1);
  draw_label(ui, "Time");
  auto minutes = static_cast<float>(plan.minutes);
  ui.number("minutes", "It can be stopped and continued at any time", &minutes, {0.5, 0.1, 10'000},
            "%.0f minutes", -1);
  plan.minutes = std::max(0.1, static_cast<double>(minutes));
  draw_label(ui, "Keep it in");
  draw_text_field(ui, "training run",
                  "The run's folder; one that holds a run already is continued where it stopped",
                  "A new folder", &plan.out, -1);
  ImGui::Dummy({0, ui.px(4)});
  const bool known =
      std::ranges::any_of(desk.runs(), [&](const RunSummary& run) { return run.path == plan.out; });
  const bool ready = !plan.out.empty() && (known || plan.drawn || !plan.data.empty());
  ImGui::BeginDisabled(!ready);
  const char* label = known ? "Continue this run##Train" : "Train";
  if (ui.button(label, known ? "With its own pictures and settings" : "Starts a new run", -1,
                true) &&
      ready)
    desk.start();
  ui.record_item("Train");
  ImGui::EndDisabled();
  ImGui::Dummy({0, ui.px(2)});
}

void draw_train_runs(Ui& ui, TrainingDesk& desk) {
  if (desk.runs().empty()) return;
  const bool open = ImGui::CollapsingHeader("Runs");
  ui.control("Runs");
  if (!open) return;
  const float button = ui.px(82);
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  int place = 0;
  for (const RunSummary& run : std::vector<RunSummary>(desk.runs())) {
    ImGui::PushID(place);
    const std::string name = run.path.filename().string();
    const float room = ImGui::GetContentRegionAvail().x - button - gap;
    const bool shown = desk.past().run() == run.path;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushClipRect(at, {at.x + room, at.y + ImGui::GetFrameHeight() * 2}, true);
    if (ImGui::Selectable("##run", shown, 0, {room, ImGui::GetTextLineHeightWithSpacing() * 2}))
      desk.look_at(run.path);
    ui.control("run " + std::to_string(place));
    ui.tooltip((run.path.string() + "\nlearns from " + run.data).c_str());
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float line = ImGui::GetTextLineHeightWithSpacing();
    list.AddText({at.x + ui.px(4), at.y}, palette::kText, name.c_str());
    const std::string facts =
        "step " + grouped(run.step) + "  ·  " + std::to_string(run.image_size) + " pixels";
    list.AddText({at.x + ui.px(4), at.y + line}, palette::kDim, facts.c_str());
    ImGui::PopClipRect();
    ImGui::SameLine(0, gap);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (line * 2 - ImGui::GetFrameHeight()) / 2);
    if (ui.button("Continue", "Goes on with it for the time above", button))
      desk.continue_run(run.path);
    ui.record_item("continue run " + std::to_string(place));
    ImGui::PopID();
    ++place;
  }
}

}  // namespace facemorph
