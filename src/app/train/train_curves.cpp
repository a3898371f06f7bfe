#include "app/train/train_view.hpp"

#include <array>

namespace facemorph {
namespace {

constexpr float kPlotHeight = 112;

void title(Ui& ui, const char* text, const char* tip) {
  ImGui::Dummy({0, ui.px(2)});
  ui.dim_text(text);
  ui.tooltip(tip);
}

}  // namespace

void draw_train_curves(Ui& ui, const TrainingDesk& desk, TrainView& view) {
  const RunCurves& curves = desk.run().curves();
  if (curves.loss_d.empty()) return;
  ImGui::Dummy({0, ui.px(2)});
  auto smoothing = static_cast<float>(view.plots.smoothing);
  const float half = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  if (ui.slider("##smoothing", "How much the curves are smoothed", &smoothing,
                {0.0F, 0.99F, 0.0F, 0.0F, false}, "smooth %.2f", half))
    view.plots.smoothing = static_cast<double>(smoothing);
  ui.record_item("smoothing");
  ImGui::SameLine();
  ui.checkbox("Log scale", "Values in powers of ten; what is not positive is left out",
              &view.plots.logarithmic);
  const float height = ui.px(kPlotHeight);
  title(ui, "Losses",
        "How far D and G are from what they want. In balance neither wins: they keep moving. Turn "
        "the wheel to zoom, drag to move, double click to see everything.");
  view.losses.draw(ui, "losses", view.plots,
                   std::array{PlotLine{"D", palette::kBlue, &curves.loss_d},
                              PlotLine{"G", palette::kAccent, &curves.loss_g}},
                   height);
  title(ui, "How real D finds them",
        "D(x) of real pictures and D(G(z)) of made ones, 0 to 1. Near 1 and 0, D has won.");
  view.beliefs.draw(ui, "beliefs", view.plots,
                    std::array{PlotLine{"real", palette::kBlue, &curves.d_real},
                               PlotLine{"made", palette::kAccent, &curves.d_fake}},
                    height);
  if (!curves.swd.empty()) {
    title(ui, "Distance from real pictures (SWD)",
          "Less is better. Two halves of the real pictures give the least there can be.");
    view.distance.draw(
        ui, "distance", view.plots,
        std::array{PlotLine{"made", palette::kAccent, &curves.swd, false, false},
                   PlotLine{"real halves", palette::kDim, &curves.swd_of_real, true, false}},
        height);
    title(ui, "Likeness of the faces (MS-SSIM)",
          "How alike made faces are. Far above the real pictures', variety is lost.");
    view.likeness.draw(
        ui, "likeness", view.plots,
        std::array{PlotLine{"made", palette::kAccent, &curves.ms_ssim, false, false},
                   PlotLine{"real", palette::kDim, &curves.ms_ssim_of_real, true, false}},
        height);
  }
  title(ui, "Pictures a second", "Real pictures, and as many made ones");
  view.speed.draw(ui, "speed", view.plots,
                  std::array{PlotLine{"speed", palette::kAccent, &curves.images_per_second}},
                  height);
  const std::shared_ptr<const Image>& nearest = desk.run().nearest();
  if (nearest == nullptr) return;
  title(ui, "Made faces above their nearest pictures",
        "Is it inventing, or does it remember? If the rows are pairs of twins, it remembers.");
  draw_wide_picture(ui, "nearest pictures", nearest);
}

}  // namespace facemorph
