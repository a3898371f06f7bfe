#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace facemorph {

/// Numbers over rising x (training steps). x and y have the same length; NaN in y is a gap.
struct Series {
  std::vector<double> x;
  std::vector<float> y;
  /// What is not finite becomes a gap.
  void add(double at, double value);
  void clear();
  std::size_t size() const { return x.size(); }
  bool empty() const { return x.empty(); }
};

/// Least and greatest value of what falls into one column of pixels; least > most: nothing.
struct CurveColumn {
  float least = std::numeric_limits<float>::infinity();
  float most = -std::numeric_limits<float>::infinity();
  bool empty() const { return least > most; }
  /// NaN changes nothing.
  void take(float value) {
    least = value < least ? value : least;
    most = value > most ? value : most;
  }
};

/// The points in [from, to] as `columns` columns of equal width. Every point counts.
std::vector<CurveColumn> decimate(std::span<const double> x, std::span<const float> y, double from,
                                  double to, std::size_t columns);

/// What a line through the points is at the `columns` + 1 edges of these columns; NaN in gaps and
/// beyond the points. `logarithmic`: the line is straight on a logarithmic axis.
std::vector<float> edge_values(std::span<const double> x, std::span<const float> y, double from,
                               double to, std::size_t columns, bool logarithmic);

/// The point nearest to a place. Requires points.
std::size_t nearest(std::span<const double> x, double place);

/// Exponential smoothing with bias correction (as in Adam), which can go on where it stopped.
class Smoother {
 public:
  explicit Smoother(double weight) : weight_(weight) {}
  void append(std::span<const float> values, std::vector<float>* smooth);

 private:
  float next(float value);
  bool next_four(const float* values, float* smooth);
  void settle();
  double weight_;
  double mean_ = 0;
  double missing_ = 1;  ///< share of the weights that lies before the first value
};

/// Weight 0 … <1; gaps stay gaps and are passed over; weight 0 returns the values.
std::vector<float> smoothed(std::span<const float> values, double weight);

/// A part of the x axis.
using Stretch = std::pair<double, double>;
inline constexpr double kLeastStretch = 2;
/// Moved, and if need be narrowed or widened, to lie in `all` and to be two steps wide at least. If
/// `all` is narrower than that, the result reaches beyond it.
Stretch kept_inside(Stretch part, Stretch all);

/// Two or three round numbers in [least, most], which are multiples of `unit` unless it is 0; fewer
/// only if there are no more.
std::vector<double> round_numbers(double least, double most, double unit = 0);

}  // namespace facemorph
