#include "curves/curve.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace facemorph {
namespace {

constexpr float kGap = std::numeric_limits<float>::quiet_NaN();

/// Less than this share of a mean is nothing in a float.
constexpr double kNoneMissing = 1e-9;

/// The first point at or after a place, looked for from `start` on in strides that double: columns
/// ask from left to right, so that it is never far.
std::size_t first_from(std::span<const double> x, double place, std::size_t start) {
  std::size_t stride = 16;
  std::size_t end = start;
  while (end < x.size() && x[end] < place) {
    start = end;
    end += stride;
    stride *= 2;
  }
  const auto at = [&](std::size_t i) { return x.begin() + static_cast<std::ptrdiff_t>(i); };
  return static_cast<std::size_t>(std::lower_bound(at(start), at(std::min(end, x.size())), place) -
                                  x.begin());
}

double edge(double from, double to, std::size_t column, std::size_t columns) {
  if (column == columns) return to;
  return from + (to - from) * static_cast<double>(column) / static_cast<double>(columns);
}

/// In lanes, which do not wait for each other.
CurveColumn extremes(std::span<const float> values) {
  constexpr std::size_t kLanes = 8;
  std::array<CurveColumn, kLanes> lanes;
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      lanes[lane].take(values[i + lane]);
  for (; i < values.size(); ++i)
    lanes[0].take(values[i]);
  CurveColumn all;
  for (const CurveColumn& lane : lanes) {
    all.least = std::min(all.least, lane.least);
    all.most = std::max(all.most, lane.most);
  }
  return all;
}

float between(float before, float after, double share, bool logarithmic) {
  const auto part = static_cast<float>(share);
  if (!logarithmic) return before * (1 - part) + after * part;
  if (before <= 0 || after <= 0) return kGap;
  return std::pow(before, 1 - part) * std::pow(after, part);
}

}  // namespace

void Series::add(double at, double value) {
  const auto narrow = static_cast<float>(value);
  x.push_back(at);
  y.push_back(std::isfinite(narrow) ? narrow : kGap);
}

void Series::clear() {
  x.clear();
  y.clear();
}

std::vector<CurveColumn> decimate(std::span<const double> x, std::span<const float> y, double from,
                                  double to, std::size_t columns) {
  std::vector<CurveColumn> result(columns);
  std::size_t first = first_from(x, from, 0);
  for (std::size_t i = 0; i < columns; ++i) {
    double end = edge(from, to, i + 1, columns);
    if (i + 1 == columns) end = std::nextafter(to, std::numeric_limits<double>::infinity());
    const std::size_t last = first_from(x, end, first);
    result[i] = extremes(y.subspan(first, last - first));
    first = last;
  }
  return result;
}

std::vector<float> edge_values(std::span<const double> x, std::span<const float> y, double from,
                               double to, std::size_t columns, bool logarithmic) {
  std::vector<float> result(columns + 1, kGap);
  std::size_t after = 0;
  for (std::size_t i = 0; i <= columns; ++i) {
    const double place = edge(from, to, i, columns);
    after = first_from(x, place, after);
    if (after == x.size()) break;
    if (after > 0) {
      const double share = (place - x[after - 1]) / (x[after] - x[after - 1]);
      result[i] = between(y[after - 1], y[after], share, logarithmic);
    } else if (x[0] == place) {
      result[i] = y[0];
    }
  }
  return result;
}

std::size_t nearest(std::span<const double> x, double place) {
  const std::size_t after = first_from(x, place, 0);
  if (after == 0) return 0;
  if (after == x.size()) return after - 1;
  return place - x[after - 1] <= x[after] - place ? after - 1 : after;
}

float Smoother::next(float value) {
  if (!std::isfinite(value)) return kGap;
  mean_ = weight_ * mean_ + (1 - weight_) * static_cast<double>(value);
  missing_ *= weight_;
  if (missing_ < kNoneMissing) missing_ = 0;
  settle();
  return static_cast<float>(mean_ / (1 - missing_));
}

/// Four at once: so only every fourth value waits for the mean before it.
bool Smoother::next_four(const float* values, float* smooth) {
  std::array<double, 4> own{};  // what these four alone make of it
  double before = 0;
  for (std::size_t i = 0; i < 4; ++i)
    before = own[i] = weight_ * before + (1 - weight_) * static_cast<double>(values[i]);
  if (!std::isfinite(own[3])) return false;
  double share = weight_;
  for (std::size_t i = 0; i < 4; ++i, share *= weight_)
    smooth[i] = static_cast<float>(own[i] += share * mean_);
  mean_ = own[3];
  settle();
  return true;
}

/// What is left of a mean after many zeros is slow to reckon with.
void Smoother::settle() {
  if (std::abs(mean_) < 1e-300) mean_ = 0;
}

void Smoother::append(std::span<const float> values, std::vector<float>* smooth) {
  std::size_t at = smooth->size();
  smooth->resize(at + values.size());
  for (std::size_t i = 0; i < values.size();) {
    if (missing_ == 0 && i + 4 <= values.size() && next_four(&values[i], &(*smooth)[at])) {
      i += 4;
      at += 4;
    } else {
      (*smooth)[at++] = next(values[i++]);
    }
  }
}

std::vector<float> smoothed(std::span<const float> values, double weight) {
  if (weight <= 0) return {values.begin(), values.end()};
  std::vector<float> smooth;
  Smoother(weight).append(values, &smooth);
  return smooth;
}

Stretch kept_inside(Stretch part, Stretch all) {
  const double room = all.second - all.first;
  const double width = std::max(std::min(part.second - part.first, room), kLeastStretch);
  const double middle = (part.first + part.second) / 2;
  // No room: in the middle of it.
  double first = (all.first + all.second - width) / 2;
  if (width <= room) first = std::clamp(middle - width / 2, all.first, all.second - width);
  return {first, first + width};
}

std::vector<double> round_numbers(double least, double most, double unit) {
  std::vector<double> numbers;
  if (!(least < most)) return numbers;
  // From wide steps to narrow ones, until two numbers fit.
  constexpr std::array<double, 4> kParts = {5, 2.5, 2, 1};
  const double widest = std::ceil(std::log10(most - least));
  for (int fall = 0; fall < 4; ++fall)
    for (const double part : kParts) {
      const double step = part * std::pow(10.0, widest - fall);
      if (unit > 0 && std::fmod(step, unit) > 0) continue;
      numbers.clear();
      const double first = std::ceil(least / step);
      for (int i = 0; i < 4 && (first + i) * step <= most; ++i)
        numbers.push_back((first + i) * step + 0.0);  // never "-0"
      if (numbers.size() >= 2) return numbers;
    }
  return numbers;
}

}  // namespace facemorph
