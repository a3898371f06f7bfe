#include "ui/plot.hpp"

#include "ui/texts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

namespace facemorph {
namespace {

constexpr double kWheelZoom = 1.25;
constexpr double kMostSmoothing = 0.9999;
constexpr double kAir = 0.06;  ///< above and below the lines, of their height
constexpr float kThickness = 1.4F;
constexpr float kThin = 1;
constexpr float kBehind = 0.32F;  ///< opacity of values behind their smoothed line
constexpr float kReference = 0.55F;
constexpr float kCrosshair = 0.6F;

ImU32 faded(ImU32 colour, float share) {
  const auto alpha = static_cast<float>((colour >> IM_COL32_A_SHIFT) & 0xFF);
  return (colour & ~IM_COL32_A_MASK) | (static_cast<ImU32>(alpha * share) << IM_COL32_A_SHIFT);
}

// --- texts ---------------------------------------------------------------------------------------

/// Short enough for the margin.
std::string short_number(double value) {
  std::array<char, 32> text{};
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 0.01 && size < 1e5);
  std::snprintf(text.data(), text.size(), !plain ? "%.1e" : size >= 999.5 ? "%.0f" : "%.3g", value);
  std::string number = text.data();
  const std::size_t exponent = number.find('e');
  if (exponent == std::string::npos) return number;
  const std::string digits = number.substr(0, exponent);
  return (digits.ends_with(".0") ? digits.substr(0, digits.size() - 2) : digits) + "e" +
         std::to_string(std::stoi(number.substr(exponent + 1)));
}

std::string exact_number(float value) {
  if (std::isnan(value)) return "–";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", static_cast<double>(value));
  return text.data();
}

/// Steps are never negative; a stretch that reaches beyond them may be.
std::string step_text(double step) {
  return grouped(static_cast<std::uint64_t>(std::max(0.0, std::round(step))));
}

// --- where things are ----------------------------------------------------------------------------

/// Whole pixels, so that every column of the lines is one of the screen.
Rect area_of(const Ui& ui, const Rect& box) {
  const ImVec2 min = {std::floor(box.min.x + ui.px(8)), std::floor(box.min.y + ui.px(22))};
  return {min,
          {std::max(min.x + 8, std::floor(box.max.x - ui.px(52))),
           std::max(min.y + 8, std::floor(box.max.y - ui.px(20)))}};
}

float x_of(const Rect& area, const Stretch& shown, double place) {
  const double share = (place - shown.first) / (shown.second - shown.first);
  return area.min.x + area.width() * static_cast<float>(share);
}

double place_at(const Rect& area, const Stretch& shown, float x) {
  const double share = static_cast<double>((x - area.min.x) / area.width());
  return shown.first + std::clamp(share, 0.0, 1.0) * (shown.second - shown.first);
}

/// The y axis. On a logarithmic one its units are powers of ten.
struct Axis {
  Rect area;
  bool logarithmic = false;
  CurveColumn lines;  ///< the least and the greatest of all lines
  double least = 0;
  double most = 0;

  double unit(double value) const { return logarithmic ? std::log10(value) : value; }
  double value(double unit) const { return logarithmic ? std::pow(10.0, unit) : unit; }
  float y(double unit) const {
    return area.max.y - area.height() * static_cast<float>((unit - least) / (most - least));
  }
};

Axis axis_of(std::span<const PlotTrace> traces, const Rect& area, bool logarithmic) {
  Axis axis{area, logarithmic, {}, 0, 0};
  for (const PlotTrace& trace : traces)
    for (const auto* columns : {&trace.raw(), &trace.front()})
      for (const CurveColumn& column : *columns) {
        if (column.empty()) continue;
        axis.lines.take(column.least);
        axis.lines.take(column.most);
      }
  if (axis.lines.empty()) return axis;
  const auto least = static_cast<double>(axis.lines.least);
  const auto most = static_cast<double>(axis.lines.most);
  const double size = std::max(std::abs(least), std::abs(most));
  double air = kAir * (most - least);
  // All the same: the line runs through the middle.
  if (most - least <= 1e-6 * size) air = logarithmic ? 0.2 : 0.1 * size;
  if (air == 0) air = 1;
  axis.least = least - air;
  axis.most = most + air;
  return axis;
}

// --- lines ---------------------------------------------------------------------------------------

/// Fills between the upper and the lower ends of neighbouring columns, softly. Unlike a polyline it
/// has no mitres, which overshoot where values jump up and down, and no pixel is drawn twice.
void fill_run(ImDrawList& list, std::span<const ImVec2> ends, float x, float step, ImU32 colour) {
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  const ImU32 clear = faded(colour, 0);
  const auto count = static_cast<int>(ends.size());
  list.PrimReserve(18 * (count - 1), 4 * count);
  const unsigned int first = list._VtxCurrentIdx;
  for (int i = 0; i + 1 < count; ++i)
    for (int band = 0; band < 3; ++band) {
      const unsigned int corner = first + static_cast<unsigned int>(4 * i + band);
      for (const unsigned int offset : {0U, 4U, 5U, 0U, 5U, 1U})
        list.PrimWriteIdx(static_cast<ImDrawIdx>(corner + offset));
    }
  for (const ImVec2& end : ends) {
    list.PrimWriteVtx({x, end.x - 0.5F}, uv, clear);
    list.PrimWriteVtx({x, end.x + 0.5F}, uv, colour);
    list.PrimWriteVtx({x, end.y - 0.5F}, uv, colour);
    list.PrimWriteVtx({x, end.y + 0.5F}, uv, clear);
    x += step;
  }
}

/// The upper and lower end of a column. A column of a slanting line is that much higher already.
ImVec2 ends_of(const CurveColumn& column, const Axis& axis, float thickness) {
  const float top = axis.y(static_cast<double>(column.most));
  const float bottom = axis.y(static_cast<double>(column.least));
  const float rise = bottom - top;
  const float more = std::min(thickness, thickness * std::hypot(1.0F, rise) - rise);
  const float missing = std::max(more, 1 - rise) / 2;
  return {top - missing, bottom + missing};
}

void draw_columns(ImDrawList& list, std::span<const CurveColumn> columns, const Axis& axis,
                  float thickness, ImU32 colour) {
  std::vector<ImVec2> run;
  const float step = axis.area.width() / static_cast<float>(columns.size());
  for (std::size_t i = 0; i <= columns.size(); ++i) {
    if (i < columns.size() && !columns[i].empty()) {
      run.push_back(ends_of(columns[i], axis, thickness));
      continue;
    }
    const float end = axis.area.min.x + step * (static_cast<float>(i) - 0.5F);
    if (run.size() == 1) {  // a point between gaps
      const ImVec2 thick = {run[0].x - thickness / 2, run[0].y + thickness / 2};
      run = {thick, thick};
      fill_run(list, run, end - thickness, 2 * thickness, colour);
    } else if (!run.empty()) {
      fill_run(list, run, end - step * static_cast<float>(run.size() - 1), step, colour);
    }
    run.clear();
  }
}

void draw_lines(const Ui& ui, std::span<const PlotLine> lines, std::span<const PlotTrace> traces,
                const Axis& axis) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float thickness = ui.px(kThickness);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].reference)
      draw_columns(list, traces[i].raw(), axis, ui.px(kThin), faded(lines[i].colour, kReference));
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!lines[i].reference)
      draw_columns(list, traces[i].raw(), axis,
                   traces[i].front().empty() ? thickness : ui.px(kThin),
                   faded(lines[i].colour, traces[i].front().empty() ? 1 : kBehind));
  for (std::size_t i = 0; i < lines.size(); ++i)
    draw_columns(list, traces[i].front(), axis, thickness, lines[i].colour);
}

// --- around the lines ----------------------------------------------------------------------------

void draw_legend(const Ui& ui, std::span<const PlotLine> lines, const Rect& box) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.PushClipRect(box.min, {box.max.x - ui.px(6), box.max.y}, true);
  float x = box.min.x + ui.px(8);
  for (const PlotLine& line : lines) {
    list.AddText({x, box.min.y + ui.px(4)}, line.colour, line.name);
    x += ImGui::CalcTextSize(line.name).x + ui.px(12);
  }
  list.PopClipRect();
}

/// In units of the axis.
std::vector<double> grid_of(const Axis& axis) {
  if (!axis.logarithmic) return round_numbers(axis.least, axis.most);
  std::vector<double> grid = round_numbers(axis.least, axis.most, 1);
  if (grid.size() >= 2) return grid;
  grid = round_numbers(axis.value(axis.least), axis.value(axis.most));
  for (double& number : grid)
    number = axis.unit(number);
  return grid;
}

/// Grid lines, and numbers in the margin where one fits: the ends first.
void draw_axis(const Ui& ui, const Axis& axis) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::vector<double> grid = grid_of(axis);
  for (const double unit : grid) {
    const float y = std::floor(axis.y(unit));
    list.AddRectFilled({axis.area.min.x, y}, {axis.area.max.x, y + std::max(1.0F, ui.px(1))},
                       palette::kLine);
  }
  std::vector<double> marks = {static_cast<double>(axis.lines.most),
                               static_cast<double>(axis.lines.least)};
  marks.insert(marks.end(), grid.begin(), grid.end());
  const float height = ImGui::GetTextLineHeight();
  std::vector<float> taken;
  for (const double unit : marks) {
    const float top = axis.y(unit) - height / 2;
    if (std::ranges::any_of(taken, [&](float t) { return std::abs(t - top) < height; })) continue;
    taken.push_back(top);
    list.AddText({axis.area.max.x + ui.px(5), std::round(top)}, palette::kDim,
                 short_number(axis.value(unit)).c_str());
  }
}

void draw_foot(const Ui& ui, const Rect& area, const Stretch& shown) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float y = area.max.y + ui.px(3);
  const std::string first = step_text(shown.first);
  const std::string last = step_text(shown.second);
  const float width = ImGui::CalcTextSize(last.c_str()).x;
  list.AddText({area.max.x - width, y}, palette::kDim, last.c_str());
  if (ImGui::CalcTextSize(first.c_str()).x + width + ui.px(8) < area.width())
    list.AddText({area.min.x, y}, palette::kDim, first.c_str());
}

// --- under the pointer ---------------------------------------------------------------------------

/// The step next to a place that some line has a point at.
std::optional<double> step_near(std::span<const PlotLine> lines, double place) {
  std::optional<double> best;
  for (const PlotLine& line : lines) {
    if (line.reference || line.series->empty()) continue;
    const double step = line.series->x[nearest(line.series->x, place)];
    if (!best || std::abs(step - place) < std::abs(*best - place)) best = step;
  }
  return best;
}

void draw_dot(const Ui& ui, ImVec2 at, ImU32 colour) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircleFilled(at, ui.px(4), palette::kRaised);
  list.AddCircleFilled(at, ui.px(2.75F), colour);
}

/// On the line in front; on a reference, which may have few points, where the step is.
void draw_dots(const Ui& ui, std::span<const PlotLine> lines, std::span<const PlotTrace> traces,
               const Axis& axis, double step) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Series& series = *lines[i].series;
    const PlotTrace& trace = traces[i];
    if (series.empty()) continue;
    const std::size_t point = nearest(series.x, step);
    const double place = lines[i].reference ? step : series.x[point];
    double unit = axis.unit(
        static_cast<double>(trace.smooth().empty() ? series.y[point] : trace.smooth()[point]));
    const float x = x_of(axis.area, trace.look().shown, place);
    if (x < axis.area.min.x || x > axis.area.max.x) continue;
    if (lines[i].reference) {
      const auto column = static_cast<std::size_t>(x - axis.area.min.x);
      const CurveColumn& there = trace.raw()[std::min(column, trace.raw().size() - 1)];
      unit = static_cast<double>((there.least + there.most) / 2);
    }
    if (std::isfinite(unit)) draw_dot(ui, {x, axis.y(unit)}, lines[i].colour);
  }
}

void draw_values(const Ui& ui, std::span<const PlotLine> lines, std::span<const PlotTrace> traces,
                 double step) {
  ImGui::BeginTooltip();
  ui.dim_text(("step " + step_text(step)).c_str());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Series& series = *lines[i].series;
    if (series.empty()) continue;
    const std::size_t point = nearest(series.x, step);
    ImGui::PushStyleColor(ImGuiCol_Text, lines[i].colour);
    ImGui::TextUnformatted(
        (std::string(lines[i].name) + "  " + exact_number(series.y[point])).c_str());
    ImGui::PopStyleColor();
    if (traces[i].smooth().empty()) continue;
    ImGui::SameLine();
    ui.dim_text(("smoothed " + exact_number(traces[i].smooth()[point])).c_str());
  }
  ImGui::EndTooltip();
}

// --- what the plots of a group share -------------------------------------------------------------

void unite(std::optional<Stretch>& all, const Stretch& part) {
  if (!all)
    all = part;
  else
    all = {std::min(all->first, part.first), std::max(all->second, part.second)};
}

void share(PlotView& view, std::span<const PlotLine> lines) {
  PlotView::Shared& shared = view.shared;
  if (shared.frame != ImGui::GetFrameCount()) {
    shared.frame = ImGui::GetFrameCount();
    shared.all = std::exchange(shared.gathered, std::nullopt);
    view.pointed = std::exchange(shared.pointed, std::nullopt);
  }
  for (const PlotLine& line : lines) {
    if (line.series->empty()) continue;
    const Stretch part = {line.series->x.front(), line.series->x.back()};
    unite(shared.all, part);
    unite(shared.gathered, part);
  }
}

Stretch shown_of(const PlotView& view) {
  const Stretch all = *view.shared.all;
  return kept_inside(view.range.value_or(all), all);
}

/// Everything is no range: it follows what is added.
void show(PlotView& view, const Stretch& part) {
  const Stretch all = *view.shared.all;
  const Stretch kept = kept_inside(part, all);
  view.range.reset();
  if (kept.first > all.first || kept.second < all.second) view.range = kept;
}

}  // namespace

void Plot::use_hands(PlotView& view, const Rect& area) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool hovered = ImGui::IsItemHovered();
  const auto [first, last] = shown_of(view);
  // A plot that comes under a resting pointer because the panel scrolls leaves it the wheel. One
  // that takes it has it from the next frame on.
  const bool has_wheel = std::exchange(
      takes_wheel_, hovered && (takes_wheel_ || io.MouseDelta.x != 0 || io.MouseDelta.y != 0));
  if (takes_wheel_) compat::take_wheel();
  if (hovered && has_wheel && io.MouseWheel != 0) {
    const double place = place_at(area, {first, last}, io.MousePos.x);
    const double factor = std::pow(kWheelZoom, -static_cast<double>(io.MouseWheel));
    show(view, {place - (place - first) * factor, place + (last - place) * factor});
  }
  if (ImGui::IsItemActive() && io.MouseDelta.x != 0) {
    const double steps = static_cast<double>(io.MouseDelta.x / area.width()) * (last - first);
    show(view, {first - steps, last - steps});
  }
  if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) view.range.reset();
  if (hovered || ImGui::IsItemActive())
    view.pointed = view.shared.pointed = place_at(area, shown_of(view), io.MousePos.x);
}

void Plot::draw(Ui& ui, const char* name, PlotView& view, std::span<const PlotLine> lines,
                float height) {
  const float width = std::max(ImGui::GetContentRegionAvail().x, ui.px(100));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(name, {width, height});
  ui.record_item(name);
  const Rect box{at, {at.x + width, at.y + height}};
  const Rect area = area_of(ui, box);
  share(view, lines);
  if (view.shared.all) use_hands(view, area);
  if (!ImGui::IsItemVisible()) return;
  ImGui::GetWindowDrawList()->AddRectFilled(box.min, box.max, palette::kRaised, ui.px(6));
  {
    const FontScope font(ui.fonts.small);
    draw_legend(ui, lines, box);
  }
  if (!view.shared.all) return;
  paint(ui, view, lines, area);
  if (!view.pointed || !ImGui::IsItemHovered() || ImGui::IsItemActive()) return;
  if (const auto step = step_near(lines, *view.pointed)) draw_values(ui, lines, traces_, *step);
}

void Plot::paint(const Ui& ui, const PlotView& view, std::span<const PlotLine> lines,
                 const Rect& area) {
  const PlotTrace::Look look = {shown_of(view), static_cast<std::size_t>(area.width()),
                                std::clamp(view.smoothing, 0.0, kMostSmoothing), view.logarithmic};
  traces_.resize(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    PlotTrace::Look own = look;
    if (lines[i].reference || !lines[i].smooth) own.smoothing = 0;
    traces_[i].update(*lines[i].series, own);
  }
  const FontScope font(ui.fonts.small);
  draw_foot(ui, area, look.shown);
  const Axis axis = axis_of(traces_, area, view.logarithmic);
  if (axis.lines.empty()) return;
  draw_axis(ui, axis);
  draw_lines(ui, lines, traces_, axis);
  const auto step = view.pointed ? step_near(lines, *view.pointed) : std::nullopt;
  if (!step || *step < look.shown.first || *step > look.shown.second) return;
  const float x = std::floor(x_of(area, look.shown, *step));
  ImGui::GetWindowDrawList()->AddRectFilled({x, area.min.y}, {x + 1, area.max.y},
                                            faded(palette::kDim, kCrosshair));
  draw_dots(ui, lines, traces_, axis, *step);
}

}  // namespace facemorph
