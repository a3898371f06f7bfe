#include "curves/plot_trace.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace facemorph {
namespace {

std::vector<float> positive(std::span<const float> values) {
  std::vector<float> kept(values.size());
  std::ranges::transform(values, kept.begin(), [](float value) {
    return value > 0 ? value : std::numeric_limits<float>::quiet_NaN();
  });
  return kept;
}

std::vector<CurveColumn> columns_of(std::span<const double> x, std::span<const float> y,
                                    const PlotTrace::Look& look) {
  std::vector<float> kept;
  if (look.logarithmic) {
    kept = positive(y);
    y = kept;
  }
  const auto [from, to] = look.shown;
  std::vector<CurveColumn> columns = decimate(x, y, from, to, look.columns);
  const std::vector<float> edges = edge_values(x, y, from, to, look.columns, look.logarithmic);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].take(edges[i]);
    columns[i].take(edges[i + 1]);
    if (look.logarithmic && !columns[i].empty())
      columns[i] = {std::log10(columns[i].least), std::log10(columns[i].most)};
  }
  return columns;
}

}  // namespace

PlotTrace::Source PlotTrace::source_of(const Series& series, std::size_t size) {
  if (size == 0) return {&series, 0, 0, 0};
  return {&series, size, series.x[size - 1], std::bit_cast<std::uint32_t>(series.y[size - 1])};
}

/// Goes on where it stopped when points were only added.
void PlotTrace::smooth_on(const Series& series, double weight) {
  const std::size_t done = smooth_.size();
  const bool grown =
      weight == look_.smoothing && done <= series.size() && source_ == source_of(series, done);
  if (!grown) {
    smooth_.clear();
    smoother_ = Smoother(weight);
  }
  if (weight > 0) smoother_.append(std::span(series.y).subspan(smooth_.size()), &smooth_);
}

void PlotTrace::update(const Series& series, const Look& look) {
  const Source source = source_of(series, series.size());
  if (source_ == source && look_ == look) return;
  smooth_on(series, look.smoothing);
  source_ = source;
  look_ = look;
  raw_ = columns_of(series.x, series.y, look);
  front_.clear();
  if (look.smoothing > 0) front_ = columns_of(series.x, smooth_, look);
}

}  // namespace facemorph
