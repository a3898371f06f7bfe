#include "app/dialogs/dialogs.hpp"
#include "app/panels/panels.hpp"
#include "app/train/train_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace facemorph {
namespace {

constexpr float kLabel = 84;

/// Adds why pictures were skipped, or folders left out; the first few.
template <typename LeftOut>
void add_reasons(std::string& text, const std::vector<LeftOut>& all) {
  constexpr std::size_t kMost = 12;
  for (std::size_t i = 0; i < std::min(kMost, all.size()); ++i)
    text += (text.empty() ? "" : "\n") + all[i].name + ": " + all[i].reason;
  if (all.size() > kMost) text += "\n… and " + grouped(all.size() - kMost) + " more";
}

}  // namespace

void draw_picture_counts(Ui& ui, std::size_t count, const std::vector<SkippedPicture>& skipped,
                         std::size_t other_files, const std::vector<LeftOutFolder>& left_out) {
  std::string text = grouped(count) + (count == 1 ? " picture" : " pictures");
  if (!skipped.empty()) text += ", " + grouped(skipped.size()) + " skipped";
  if (other_files > 0) text += ", " + grouped(other_files) + " other files";
  if (!left_out.empty()) text += ", " + grouped(left_out.size()) + " left out";
  ui.dim_text(text.c_str());
  ui.record_item("picture counts");
  std::string reasons;
  add_reasons(reasons, left_out);
  add_reasons(reasons, skipped);
  if (!reasons.empty()) ui.tooltip(reasons.c_str());
}

std::string reading_text(const ReadingProgress& progress) {
  if (progress.pictures == 0 && progress.fraction == 0) return "Reading the pictures …";
  return "Reading the pictures: " + grouped(progress.pictures) + ", " +
         std::to_string(std::lround(100 * progress.fraction)) + " % …";
}

void draw_label(Ui& ui, const char* text) {
  ImGui::AlignTextToFramePadding();
  ui.dim_text(text);
  ImGui::SameLine(ui.px(kLabel));
  ImGui::SetNextItemWidth(-1);
}

void draw_text_field(Ui& ui, const char* name, const char* tip, const char* hint, std::string* text,
                     float width) {
  std::array<char, 4096> typed{};
  std::snprintf(typed.data(), typed.size(), "%s", text->c_str());
  ImGui::SetNextItemWidth(width);
  if (ImGui::InputTextWithHint((std::string("##") + name).c_str(), hint, typed.data(),
                               typed.size()))
    *text = typed.data();
  ui.control(name, Focus::Kind::Field);
  ui.tooltip(tip);
}

bool draw_picture(Ui& ui, const char* name, const std::shared_ptr<const Image>& picture,
                  ImVec2 size) {
  const ImageTexture* texture = ui.textures.of(picture);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton(name, size);
  const ImVec2 end{at.x + size.x, at.y + size.y};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (texture == nullptr)
    list.AddRectFilled(at, end, palette::kRaised, ui.px(6));
  else
    list.AddImageRounded(compat::texture_id(texture->view()), at, end, {0, 0}, {1, 1},
                         IM_COL32_WHITE, ui.px(6));
  ui.record_item(name);
  return clicked;
}

void draw_wide_picture(Ui& ui, const char* name, const std::shared_ptr<const Image>& picture) {
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = width * static_cast<float>(picture->height);
  draw_picture(ui, name, picture, {width, height / static_cast<float>(picture->width)});
}

const RunMoment* moment_at(const std::vector<RunMoment>& moments,
                           const std::optional<std::uint64_t>& step) {
  if (moments.empty()) return nullptr;
  const auto found =
      step ? std::ranges::lower_bound(moments, *step, {}, &RunMoment::step) : moments.end();
  return found == moments.end() ? &moments.back() : &*found;
}

std::string moment_text(const RunPast& past, std::uint64_t step) {
  std::string text = "step " + grouped(step);
  if (past.steps_a_pass() <= 0) return text;
  std::array<char, 32> pass{};
  const double passes = static_cast<double>(step) / past.steps_a_pass();
  std::snprintf(pass.data(), pass.size(), "  ·  pass %.*f", passes < 10 ? 1 : 0, passes);
  return text + pass.data();
}

void draw_train_tab(Ui& ui, const ActionContext& context, TrainView& view) {
  TrainingDesk& desk = context.viewer.training;
  if (view.run != desk.past().run()) {
    view.run = desk.past().run();
    view.moment = view.left = view.right = std::nullopt;
  }
  ImGui::BeginChild("train");
  if (desk.run().active()) {
    draw_train_run(ui, desk, context.viewer.settings.priority);
  } else {
    draw_train_plan(ui, desk, context.dialogs);
    draw_train_settings(ui, desk.plan, context.viewer.model.cuda_present());
    draw_train_runs(ui, desk);
  }
  draw_train_history(ui, desk, view, context.dialogs);
  draw_train_curves(ui, desk, view);
  ImGui::EndChild();
}

}  // namespace facemorph
