#pragma once

#include "curves/plot_trace.hpp"
#include "ui/ui.hpp"

#include <optional>
#include <span>
#include <vector>

namespace facemorph {

/// What part of the x axis the plots of a group show; shared, so that they zoom together.
struct PlotView {
  std::optional<Stretch> range;  ///< none: all, and follows what is added
  double smoothing = 0;          ///< weight of what was before, 0 … <1
  bool logarithmic = false;
  std::optional<double> pointed;  ///< x under the pointer in any plot of the group

  /// What the plots of a group tell each other, kept by them: one that is drawn early hears of the
  /// later ones a frame afterwards.
  struct Shared {
    int frame = -1;
    std::optional<Stretch> all;       ///< from the first x of any line to the last
    std::optional<Stretch> gathered;  ///< the same, of this frame so far
    std::optional<double> pointed;    ///< in this frame so far
  };
  Shared shared;
};

struct PlotLine {
  const char* name;
  ImU32 colour;
  const Series* series;
  bool reference = false;  ///< thin, dim, not smoothed: what a value is compared with
  bool smooth = true;      ///< as the view says; not where there are few points
};

/// One plot. The wheel zooms, dragging moves, a double click shows everything; where the pointer
/// is, values are shown. Keeps what it has decimated until data, range, size or options change.
class Plot {
 public:
  /// As wide as there is room.
  void draw(Ui& ui, const char* name, PlotView& view, std::span<const PlotLine> lines,
            float height);

 private:
  void use_hands(PlotView& view, const Rect& area);
  void paint(const Ui& ui, const PlotView& view, std::span<const PlotLine> lines, const Rect& area);

  std::vector<PlotTrace> traces_;
  bool takes_wheel_ = false;
};

}  // namespace facemorph
