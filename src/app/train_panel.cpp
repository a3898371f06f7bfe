#include "app/panels.hpp"

#include "app/choice.hpp"
#include "app/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace facemorph {
namespace {

constexpr ImU32 kBlue = IM_COL32(110, 176, 255, 255);
constexpr float kLabel = 78;
constexpr float kPlotHeight = 120;

constexpr std::array<std::pair<int, const char*>, 4> kSizes = {
    {{32, "32 pixels"}, {64, "64 pixels"}, {128, "128 pixels"}, {256, "256 pixels"}}};
constexpr std::array<std::pair<bool, const char*>, 2> kStarts = {
    {{false, "Nothing"}, {true, "The open model"}}};

void label(Ui& ui, const char* text) {
  ImGui::AlignTextToFramePadding();
  ui.dim_text(text);
  ImGui::SameLine(ui.px(kLabel));
  ImGui::SetNextItemWidth(-1);
}

/// A line of text that is kept in a string.
void draw_text(Ui& ui, const char* name, const char* tip, const char* hint, std::string* text) {
  std::array<char, 4096> typed{};
  std::snprintf(typed.data(), typed.size(), "%s", text->c_str());
  if (ImGui::InputTextWithHint((std::string("##") + name).c_str(), hint, typed.data(),
                               typed.size()))
    *text = typed.data();
  ui.record_item(name);
  ui.tooltip(tip);
}

std::string clock_text(double seconds) {
  std::array<char, 32> text{};
  const auto all = std::lround(seconds);
  std::snprintf(text.data(), text.size(), "%ld:%02ld", all / 60, all % 60);
  return text.data();
}

void draw_pictures(Ui& ui, Viewer& viewer) {
  TrainingPlan& plan = viewer.training_plan;
  label(ui, "Pictures");
  if (plan.drawn) {
    ui.dim_text("2,000 drawn faces");
  } else {
    const std::string before = plan.data;
    draw_text(ui, "training pictures",
              "A folder, a .zip or a .tar of JPEG, PNG or WebP pictures; or drop a folder on the "
              "window",
              "Drop a folder here", &plan.data);
    if (plan.data != before && !plan.data.empty()) viewer.plan_training(plan.data);
  }
  ImGui::Dummy({0, 0});
  ImGui::SameLine(ui.px(kLabel));
  if (plan.drawn) {
    if (ui.button("Use pictures of mine", "A folder or an archive instead", -1)) plan.drawn = false;
  } else if (ui.button("Try it on drawn faces",
                       "Simple faces that Facemorph draws itself: nothing to look for", -1)) {
    viewer.plan_training_on_drawn_faces();
  }
}

void draw_advanced(Ui& ui, TrainingPlan& plan) {
  const bool open = ImGui::CollapsingHeader("Advanced");
  ui.record_item("Advanced");
  if (!open) return;
  TrainConfig& config = plan.config;
  if (!plan.from_open_model) {
    label(ui, "Size");
    draw_choice(ui, "training size", "Of the faces; twice the size takes four times as long",
                &config.image_size, kSizes, -1);
  }
  label(ui, "Batch");
  ImGui::DragInt("##batch", &config.batch, 1, 2, 1024, "%d pictures a step",
                 ImGuiSliderFlags_AlwaysClamp);
  ui.record_item("batch");
  ui.tooltip("Pictures a step; the tutorial takes 128");
  const auto rate = [&](const char* name, const char* tip, double* value) {
    auto scaled = static_cast<float>(*value * 1e4);
    ImGui::DragFloat((std::string("##") + name).c_str(), &scaled, 0.05F, 0.05F, 100, "%.2f e-4",
                     ImGuiSliderFlags_AlwaysClamp);
    ui.record_item(name);
    ui.tooltip(tip);
    *value = static_cast<double>(scaled) * 1e-4;
  };
  label(ui, "Rate of G");
  rate("rate of G", "The generator's learning rate; the tutorial takes 2e-4",
       &config.generator.learning_rate);
  label(ui, "Rate of D");
  rate("rate of D", "The discriminator's learning rate; the tutorial takes 2e-4",
       &config.discriminator.learning_rate);
  ui.checkbox("Mirrored too", "Every picture also the other way round, at random", &config.flip);
}

void draw_plan(Ui& ui, Viewer& viewer) {
  TrainingPlan& plan = viewer.training_plan;
  ui.heading("Teach it your pictures");
  ui.paragraph(
      "Faces appear under your own sliders while the network learns. Some hundred pictures are "
      "enough to start from the open model, some thousand to start from nothing.");
  ImGui::Dummy({0, ui.px(2)});
  draw_pictures(ui, viewer);
  label(ui, "Keep it in");
  draw_text(ui, "training run",
            "The run's folder; one that holds a run already is continued where it stopped",
            "A new folder", &plan.out);
  label(ui, "Time");
  auto minutes = static_cast<float>(plan.minutes);
  ImGui::DragFloat("##minutes", &minutes, 0.5F, 0.1F, 10'000, "%.0f minutes");
  ui.record_item("minutes");
  ui.tooltip("It can be stopped and continued at any time");
  plan.minutes = std::max(0.1, static_cast<double>(minutes));
  label(ui, "Start from");
  draw_choice(ui, "start from",
              "From the open model it is quicker, and needs fewer pictures; the two must have the "
              "same shape",
              &plan.from_open_model, kStarts, -1);
  draw_advanced(ui, plan);
  ImGui::Dummy({0, ui.px(4)});
  const bool ready = !plan.out.empty() && (plan.drawn || !plan.data.empty());
  ImGui::BeginDisabled(!ready);
  if (ui.button("Train", "Starts, or goes on with the run in that folder", -1, true) && ready)
    viewer.start_training();
  ImGui::EndDisabled();
}

const char* state_text(Training::State state) {
  switch (state) {
    case Training::State::Preparing:
      return "Reading the pictures …";
    case Training::State::Running:
      return "Training";
    case Training::State::Pausing:
      return "Pausing after this step …";
    case Training::State::Paused:
      return "Paused";
    case Training::State::Stopping:
      return "Stopping, and saving …";
    case Training::State::Idle:
      break;
  }
  return "";
}

void draw_bar(Ui& ui, double share) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = ui.px(6);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + height}, palette::kLine, height / 2);
  if (share > 0)
    list.AddRectFilled(at,
                       {at.x + std::max(height, width * static_cast<float>(share)), at.y + height},
                       palette::kAccent, height / 2);
  ImGui::Dummy({width, height});
}

void draw_facts(Ui& ui, const Training& training) {
  const Progress& now = training.progress();
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), "Step %llu, %.0f pictures a second, %s left",
                static_cast<unsigned long long>(now.step), now.report.images_per_second,
                clock_text(now.seconds_left).c_str());
  ui.paragraph(text.data());
  ui.record_item("training facts");
  if (!training.pictures()) return;
  const PicturesRead& read = *training.pictures();
  std::string count = std::to_string(read.count) + " pictures";
  if (!read.skipped.empty()) count += ", " + std::to_string(read.skipped.size()) + " skipped";
  ui.dim_text(count.c_str());
  std::string reasons;
  for (std::size_t i = 0; i < std::min<std::size_t>(read.skipped.size(), 8); ++i)
    reasons += read.skipped[i].name + ": " + read.skipped[i].reason + "\n";
  if (!reasons.empty()) ui.tooltip(reasons.c_str());
}

void draw_run(Ui& ui, Viewer& viewer) {
  Training& training = viewer.training();
  ui.heading(state_text(training.state()));
  draw_bar(ui, training.progress().fraction);
  draw_facts(ui, training);
  const float width = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  const bool held =
      training.state() == Training::State::Paused || training.state() == Training::State::Pausing;
  if (held) {
    if (ui.button("Continue", "Goes on where it stopped", width, true)) training.go_on();
  } else if (ui.button("Pause", "Saves, and waits", width)) {
    training.pause();
  }
  ImGui::SameLine();
  if (ui.button("Stop training", "Saves and ends; the run can be continued later", width))
    training.stop();
  ui.checkbox("Show the newest faces", "The open model follows the training every few seconds",
              &viewer.follow_training);
}

void draw_curves(Ui& ui, const Training& training) {
  const std::vector<TrainReport>& reports = training.reports();
  if (reports.empty()) return;
  const auto step = [&](std::size_t i) { return static_cast<double>(reports[i].step); };
  ImGui::Dummy({0, ui.px(4)});
  ui.dim_text("Losses");
  ui.tooltip("How far D and G are from what they want. In balance neither wins: they keep moving.");
  const std::array<Curve, 2> losses = {
      Curve{"D", kBlue, [&](std::size_t i) { return reports[i].loss_d; }},
      Curve{"G", palette::kAccent, [&](std::size_t i) { return reports[i].loss_g; }}};
  draw_plot(ui, "losses", reports.size(), step, losses, ui.px(kPlotHeight));
  ui.dim_text("How real D finds them");
  ui.tooltip("D(x) of real pictures and D(G(z)) of made ones, 0 to 1. Near 1 and 0, D has won.");
  const std::array<Curve, 2> beliefs = {
      Curve{"real", kBlue, [&](std::size_t i) { return reports[i].d_real; }},
      Curve{"made", palette::kAccent, [&](std::size_t i) { return reports[i].d_fake; }}};
  draw_plot(ui, "beliefs", reports.size(), step, beliefs, ui.px(kPlotHeight));
}

}  // namespace

void draw_train_tab(Ui& ui, Viewer& viewer) {
  ImGui::BeginChild("train");
  if (viewer.training().active())
    draw_run(ui, viewer);
  else
    draw_plan(ui, viewer);
  draw_curves(ui, viewer.training());
  ImGui::EndChild();
}

}  // namespace facemorph
