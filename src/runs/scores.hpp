#pragma once

#include "pictures/image.hpp"

#include <cstddef>
#include <vector>

namespace facemorph {

/// How good pictures are, without any network that would have to be downloaded.
struct Scores {
  std::size_t count = 0;    ///< pictures on each side
  std::vector<int> sizes;   ///< of the pyramid's levels: 64, 32, 16
  std::vector<double> swd;  ///< sliced Wasserstein distance at each, times 1000; less is better
  double swd_mean = 0;
  double ms_ssim = 0;  ///< likeness of random pairs: near that of the data is best
};

/// Whether the generator makes one picture over and over: its faces are more than half way from
/// the likeness of real ones to being the same. Of a handful of pictures nobody can tell.
bool has_collapsed(const Scores& generator, const Scores& real);

/// Whether the generator remembers instead of inventing.
struct NearestPictures {
  Image sheet;          ///< 16 of its faces, and below each the training picture nearest to it
  double distance = 0;  ///< between them: root of the mean squared difference of bytes, on average
  double usual = 0;     ///< the same between training pictures and the nearest others
};

}  // namespace facemorph
