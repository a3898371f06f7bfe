#pragma once

#include "curves/curve.hpp"

#include <cstdint>
#include <vector>

namespace facemorph {

/// A series as a plot shows it. Keeps what it has computed until the data or the look changes.
class PlotTrace {
 public:
  struct Look {
    Stretch shown;
    std::size_t columns = 0;
    double smoothing = 0;      ///< weight of what was before, 0 … <1
    bool logarithmic = false;  ///< columns in powers of ten; what is not positive is a gap
    bool operator==(const Look&) const = default;
  };
  void update(const Series& series, const Look& look);

  const Look& look() const { return look_; }
  /// Columns that touch each other, like the line they stand for.
  const std::vector<CurveColumn>& raw() const { return raw_; }
  /// Of the smooth values; none when nothing is smoothed.
  const std::vector<CurveColumn>& front() const { return front_; }
  /// Of every point; none when nothing is smoothed.
  const std::vector<float>& smooth() const { return smooth_; }

 private:
  /// Tells whether a series is still the same, or has only grown.
  struct Source {
    const Series* series = nullptr;
    std::size_t size = 0;
    double last_x = 0;
    std::uint32_t last_y = 0;  ///< its bits: NaN equals itself
    bool operator==(const Source&) const = default;
  };
  static Source source_of(const Series& series, std::size_t size);
  void smooth_on(const Series& series, double weight);

  Source source_;
  Look look_;
  Smoother smoother_{0};
  std::vector<float> smooth_;
  std::vector<CurveColumn> raw_;
  std::vector<CurveColumn> front_;
};

}  // namespace facemorph
