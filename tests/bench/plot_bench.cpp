#include "ui/plot.hpp"

#include "support/headless_imgui.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <random>

namespace facemorph {
namespace {

constexpr int kPoints = 100'000;
constexpr std::size_t kColumns = 300;

Series noisy_losses(unsigned int seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise;
  Series series;
  for (int step = 0; step < kPoints; ++step)
    series.add(step, std::exp(-1e-4 * step + 0.2 * noise(random)));
  return series;
}

void decimate_and_smooth(benchmark::State& state) {
  const Series series = noisy_losses(1);
  for (auto _ : state) {
    const std::vector<float> smooth = smoothed(series.y, 0.95);
    benchmark::DoNotOptimize(decimate(series.x, smooth, 0, kPoints - 1, kColumns));
    benchmark::DoNotOptimize(decimate(series.x, series.y, 0, kPoints - 1, kColumns));
  }
}
BENCHMARK(decimate_and_smooth)->Unit(benchmark::kMicrosecond);

/// A plot of three lines.
class Frame {
 public:
  Frame() { view.smoothing = 0.95; }

  void draw() {
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({376, 200});
    ImGui::Begin("panel");
    plot.draw(ui_, "losses", view,
              std::array{PlotLine{"D", palette::kText, &series[0]},
                         PlotLine{"G", palette::kAccent, &series[1]},
                         PlotLine{"R1", palette::kWarning, &series[2]}},
              110);
    ImGui::End();
    ImGui::EndFrame();
  }

  std::array<Series, 3> series = {noisy_losses(1), noisy_losses(2), noisy_losses(3)};
  PlotView view;
  Plot plot;

 private:
  HeadlessImgui imgui_{{400, 200}};
  Ui ui_ = imgui_.ui();
};

void draw_steady(benchmark::State& state) {
  Frame frame;
  frame.draw();
  for (auto _ : state)
    frame.draw();
}
BENCHMARK(draw_steady)->Unit(benchmark::kMicrosecond);

/// As when the data, the smoothing or the whole run is another.
void draw_anew(benchmark::State& state) {
  Frame frame;
  frame.view.logarithmic = state.range(0) != 0;
  for (auto _ : state) {
    frame.plot = {};
    frame.draw();
  }
}
BENCHMARK(draw_anew)->ArgName("logarithmic")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

/// As while zooming: everything is decimated again, but not smoothed.
void draw_zooming(benchmark::State& state) {
  Frame frame;
  double first = 0;
  for (auto _ : state) {
    first = first < 100 ? first + 1 : 1;
    frame.view.range = {first, kPoints - 1};
    frame.draw();
  }
}
BENCHMARK(draw_zooming)->Unit(benchmark::kMicrosecond);

/// As after each step of a training.
void draw_with_one_more_point(benchmark::State& state) {
  Frame frame;
  for (auto _ : state) {
    for (Series& series : frame.series)
      series.add(static_cast<double>(series.size()), 1);
    frame.draw();
  }
}
BENCHMARK(draw_with_one_more_point)->Iterations(1000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace facemorph
