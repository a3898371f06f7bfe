#include "runs/scores.hpp"

#include <algorithm>

namespace facemorph {

bool has_collapsed(const Scores& generator, const Scores& real) {
  constexpr std::size_t kEnoughToTell = 16;
  return std::min(generator.count, real.count) >= kEnoughToTell &&
         generator.ms_ssim > (1 + real.ms_ssim) / 2;
}

}  // namespace facemorph
