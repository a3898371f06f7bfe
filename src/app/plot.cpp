#include "app/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace facemorph {
namespace {

struct Extent {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
  void take(double value) {
    if (!std::isfinite(value)) return;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  bool empty() const { return least > most; }
};

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", value);
  return text.data();
}

/// The points [first, last) that fall into one column of pixels.
struct Column {
  std::size_t first;
  std::size_t last;
};

Column column_of(std::size_t count, std::size_t pixel, std::size_t pixels) {
  return {pixel * count / pixels,
          std::max((pixel + 1) * count / pixels, pixel * count / pixels + 1)};
}

/// Least and greatest of every curve at up to one column a pixel.
std::vector<Extent> columns_of(const Curve& curve, std::size_t count, std::size_t pixels) {
  std::vector<Extent> columns(pixels);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const Column column = column_of(count, pixel, pixels);
    // A sample of a very long column is as good for the eye.
    const std::size_t step = std::max<std::size_t>(1, (column.last - column.first) / 16);
    for (std::size_t i = column.first; i < std::min(column.last, count); i += step)
      columns[pixel].take(curve.value(i));
  }
  return columns;
}

void draw_legend(Ui& ui, std::span<const Curve> curves, const Rect& box) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const FontScope font(ui.fonts.small);
  float x = box.min.x + ui.px(8);
  for (const Curve& curve : curves) {
    list.AddText({x, box.min.y + ui.px(5)}, curve.colour, curve.name);
    x += ImGui::CalcTextSize(curve.name).x + ui.px(12);
  }
}

void draw_hover(Ui& ui, std::size_t count, const std::function<double(std::size_t)>& x,
                std::span<const Curve> curves, const Rect& box) {
  const float at = ImGui::GetIO().MousePos.x;
  ImGui::GetWindowDrawList()->AddLine({at, box.min.y}, {at, box.max.y}, palette::kDim);
  const float share = std::clamp((at - box.min.x) / box.width(), 0.0F, 1.0F);
  const auto i = std::min(count - 1, static_cast<std::size_t>(share * static_cast<float>(count)));
  ImGui::BeginTooltip();
  ui.dim_text(("step " + number(x(i))).c_str());
  for (const Curve& curve : curves) {
    ImGui::PushStyleColor(ImGuiCol_Text, curve.colour);
    ImGui::TextUnformatted((std::string(curve.name) + "  " + number(curve.value(i))).c_str());
    ImGui::PopStyleColor();
  }
  ImGui::EndTooltip();
}

}  // namespace

void draw_plot(Ui& ui, const char* name, std::size_t count,
               const std::function<double(std::size_t)>& x, std::span<const Curve> curves,
               float height) {
  const float width = std::max(ImGui::GetContentRegionAvail().x, ui.px(40));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(name, {width, height});
  ui.record_item(name);
  const Rect box{at, {at.x + width, at.y + height}};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(box.min, box.max, palette::kRaised, ui.px(6));
  draw_legend(ui, curves, box);
  if (count == 0) return;
  const auto pixels = std::min(count, static_cast<std::size_t>(width));
  Extent extent;
  std::vector<std::vector<Extent>> all;
  for (const Curve& curve : curves) {
    all.push_back(columns_of(curve, count, pixels));
    for (const Extent& column : all.back())
      if (!column.empty()) {
        extent.take(column.least);
        extent.take(column.most);
      }
  }
  if (extent.empty()) return;
  const double range = std::max(extent.most - extent.least, 1e-9);
  const float top = box.min.y + ui.px(24);
  const float room = box.max.y - ui.px(8) - top;
  const auto y = [&](double value) {
    return top + room * static_cast<float>((extent.most - value) / range);
  };
  list.PushClipRect(box.min, box.max, true);
  for (std::size_t c = 0; c < curves.size(); ++c) {
    std::vector<ImVec2> line;
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      const Extent& column = all[c][pixel];
      if (column.empty()) continue;
      const float across =
          box.min.x + width * (static_cast<float>(pixel) + 0.5F) / static_cast<float>(pixels);
      line.push_back({across, y(column.least)});
      if (column.most > column.least) line.push_back({across, y(column.most)});
    }
    list.AddPolyline(line.data(), static_cast<int>(line.size()), curves[c].colour, 0, ui.px(1.25F));
  }
  list.PopClipRect();
  {
    const FontScope font(ui.fonts.small);
    const std::string most = number(extent.most);
    list.AddText({box.max.x - ImGui::CalcTextSize(most.c_str()).x - ui.px(8), box.min.y + ui.px(5)},
                 palette::kDim, most.c_str());
  }
  if (ImGui::IsItemHovered()) draw_hover(ui, count, x, curves, box);
}

}  // namespace facemorph
