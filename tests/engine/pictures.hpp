#pragma once

#include "pictures/image.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <vector>

namespace facemorph {

/// Over all bytes; 255 for other sizes.
inline int largest_difference(const Image& a, const Image& b) {
  if (a.rgba.size() != b.rgba.size()) return 255;
  int most = 0;
  for (std::size_t at = 0; at < a.rgba.size(); ++at)
    most = std::max(most, std::abs(a.rgba[at] - b.rgba[at]));
  return most;
}

/// Of all pictures; 255 for other numbers.
inline int largest_difference(const std::vector<Image>& a, const std::vector<Image>& b) {
  if (a.size() != b.size()) return 255;
  int most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, largest_difference(a[i], b[i]));
  return most;
}

}  // namespace facemorph
