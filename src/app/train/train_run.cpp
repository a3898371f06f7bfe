#include "app/train/train_view.hpp"
#include "ui/choice.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace facemorph {
namespace {

constexpr std::array<std::pair<GeneratorWeights, const char*>, 2> kWeights = {
    {{GeneratorWeights::Averaged, "The average (EMA)"},
     {GeneratorWeights::Plain, "The weights as they are"}}};
constexpr std::array<std::pair<Priority, const char*>, 3> kPriorities = {
    {{Priority::View, "The window"},
     {Priority::Balanced, "Both alike"},
     {Priority::Training, "Training"}}};

const char* state_text(Training::State state) {
  switch (state) {
    case Training::State::Preparing:
      return "Getting ready …";
    case Training::State::Running:
      return "Training";
    case Training::State::Pausing:
      return "Pausing after this step …";
    case Training::State::Paused:
      return "Paused";
    case Training::State::Stopping:
      return "Stopping, and saving …";
    case Training::State::Idle:
    case Training::State::Failed:
      break;
  }
  return "";
}

void draw_facts(Ui& ui, const Training& training) {
  if (training.state() == Training::State::Preparing) {
    ui.dim_text(reading_text(training.reading()).c_str());
    ui.record_item("training facts");
    return;
  }
  const Progress& now = training.progress();
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), "Step %s, pass %.1f  ·  %.0f pictures a second",
                grouped(now.step).c_str(), now.report.epoch, now.report.images_per_second);
  ui.dim_text(text.data());
  ui.record_item("training facts");
  const std::string left = clock_text(now.seconds_left) + " left";
  const float width = ImGui::CalcTextSize(left.c_str()).x;
  if (training.pictures()) {
    const PicturesRead& read = *training.pictures();
    draw_picture_counts(ui, read.count, read.skipped, read.other_files, read.left_out);
  }
  if (now.step == 0) return;
  ImGui::SameLine(ImGui::GetContentRegionAvail().x - width);
  ui.dim_text(left.c_str());
}

/// Where the time of a step goes.
void draw_shares(Ui& ui, const TrainReport& report) {
  struct Share {
    const char* name;
    double value;
    ImU32 colour;
  };
  const std::array<Share, 4> shares = {
      {{"D on real pictures", report.share_real, palette::kBlue},
       {"making faces, and D on them", report.share_fake, IM_COL32(150, 128, 232, 255)},
       {"G", report.share_generator, palette::kAccent},
       {"reading, optimisers, averaging", report.share_other, palette::kDim}}};
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = ui.px(5);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  float x = at.x;
  std::string tip = "Where the time of a step goes:";
  for (const Share& share : shares) {
    const float end = std::min(at.x + width, x + width * static_cast<float>(share.value));
    if (end > x) list.AddRectFilled({x, at.y}, {end, at.y + height}, share.colour);
    x = end;
    std::array<char, 96> line{};
    std::snprintf(line.data(), line.size(), "\n%3.0f %%  %s", share.value * 100, share.name);
    tip += line.data();
  }
  ImGui::Dummy({width, height});
  ui.record_item("phase shares");
  ui.tooltip(tip.c_str());
}

void draw_buttons(Ui& ui, TrainingDesk& desk) {
  Training& training = desk.run();
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const float half = (ImGui::GetContentRegionAvail().x - gap) / 2;
  if (training.paused()) {
    if (ui.button("Continue", "Goes on where it stopped", half, true)) training.go_on();
  } else {
    ImGui::BeginDisabled(training.state() != Training::State::Running);
    if (ui.button("Pause", "Saves, and waits", half)) training.pause();
    ImGui::EndDisabled();
  }
  ImGui::SameLine();
  if (ui.button("Stop training", "Saves and ends; the run can be continued later", half))
    training.stop();
  if (training.state() != Training::State::Paused) return;
  const float third = (ImGui::GetContentRegionAvail().x - 2 * gap) / 3;
  if (ui.button("One step", "D, then G, once", third)) training.step_once(StepParts::Both);
  ImGui::SameLine();
  if (ui.button("D only", "One step of the discriminator: it looks closer", third))
    training.step_once(StepParts::Discriminator);
  ImGui::SameLine();
  if (ui.button("G only", "One step of the generator: it pleases D as it is", third))
    training.step_once(StepParts::Generator);
}

void draw_worry(Ui& ui, const char* name, const std::string& text) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float pad = ui.px(10);
  const float width = ImGui::GetContentRegionAvail().x;
  const float height =
      ImGui::CalcTextSize(text.c_str(), nullptr, false, width - 2 * pad).y + 2 * ui.px(6);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + height}, IM_COL32(255, 196, 92, 28), ui.px(4));
  list.AddRectFilled(at, {at.x + ui.px(3), at.y + height}, palette::kWarning, ui.px(2));
  ImGui::Dummy({width, height});
  ui.record_item(name);
  list.AddText(nullptr, 0, {at.x + pad, at.y + ui.px(6)}, palette::kText, text.c_str(), nullptr,
               width - 2 * pad);
}

void draw_worries(Ui& ui, const Training& training) {
  for (std::size_t i = 0; i < kWorries; ++i) {
    const std::string& text = training.worries()[i];
    if (text.empty()) continue;
    draw_worry(ui, ("worry " + std::to_string(i)).c_str(), text);
    const std::shared_ptr<const Image>& nearest = training.nearest();
    if (static_cast<Worry>(i) == Worry::LearntByHeart && nearest != nullptr)
      draw_wide_picture(ui, "copied pictures", nearest);
  }
}

}  // namespace

void draw_train_run(Ui& ui, TrainingDesk& desk, Priority& priority) {
  Training& training = desk.run();
  ui.heading(state_text(training.state()));
  const bool preparing = training.state() == Training::State::Preparing;
  ui.progress_bar("training progress",
                  preparing ? training.reading().fraction : training.progress().fraction, -1);
  draw_facts(ui, training);
  draw_shares(ui, training.progress().report);
  draw_worries(ui, training);
  draw_buttons(ui, desk);
  ui.checkbox("Show the newest faces", "The open model follows the training every few seconds",
              &desk.follow);
  draw_label(ui, "Shown are");
  GeneratorWeights weights = training.weights();
  draw_choice(
      ui, "shown weights",
      "The average of the last thousand steps or so is what a run is for; the plain weights "
      "are what is being trained, restless and rougher",
      &weights, kWeights, -1);
  if (weights != training.weights()) desk.run().publish(weights);
  draw_label(ui, "First comes");
  draw_choice(ui, "priority",
              "The window: training waits while you do something, and takes half while a walk "
              "plays. Both alike: it nearly waits while you drag, and leaves the window a core. "
              "Training: it takes all there is. With the window hidden it does so in any case.",
              &priority, kPriorities, -1);
}

}  // namespace facemorph
