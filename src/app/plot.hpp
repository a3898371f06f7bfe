#pragma once

#include "app/ui.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace facemorph {

/// Lines over a common x axis.
struct Curve {
  const char* name;
  ImU32 colour;
  std::function<double(std::size_t)> value;  ///< of point i
};

/// Draws curves of `count` points; x(i) must rise. However many points there are, at most two a
/// pixel are drawn: the least and the greatest. Where the pointer is, values are shown. Gaps where
/// values are not finite.
void draw_plot(Ui& ui, const char* name, std::size_t count,
               const std::function<double(std::size_t)>& x, std::span<const Curve> curves,
               float height);

}  // namespace facemorph
