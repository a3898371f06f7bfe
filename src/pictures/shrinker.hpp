#pragma once

#include "pictures/image.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace facemorph {

/// Width and height in pixels.
struct Extent {
  int width = 0;
  int height = 0;
  bool operator==(const Extent&) const = default;
};

/// How large a picture comes out of its decoder: as it is when `least_side` is 0, else divided by
/// the largest whole number that leaves 2 * least_side on its shorter side, or where that would
/// take more than `memory` bytes (while decoding and turning it upright), least_side. Throws Error
/// when nothing fits.
Extent shrunk_size(Extent picture, int least_side, std::size_t memory);

/// Some pixels of one row of a picture, `step` apart from `first` on.
struct PixelRow {
  const std::uint8_t* pixels = nullptr;
  int channels = 3;  ///< 1: grey, 2: grey and alpha, 3: RGB, 4: RGBA
  int y = 0;
  int count = 0;
  int first = 0;
  int step = 1;
};

/// Makes a picture smaller while its pixels arrive, in any order: each pixel of the result is the
/// mean of those that it stands for, weighted by their alpha. Nothing else of the picture is kept.
class Shrinker {
 public:
  Shrinker(Extent picture, Extent result);
  void add(const PixelRow& row);
  /// Pixels that never came are transparent.
  Image finish();

 private:
  void copy(const PixelRow& row);
  void sum(const PixelRow& row);

  Extent picture_;
  Image image_;
  std::vector<std::uint32_t> column_;  ///< where a pixel goes; empty: nothing is shrunk
  std::vector<std::uint32_t> sums_;    ///< colours times alpha, and alpha
};

}  // namespace facemorph
