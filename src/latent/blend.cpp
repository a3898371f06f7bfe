#include "latent/blend.hpp"

#include "latent/interpolate.hpp"

namespace facemorph {

Latent blend(const std::array<Latent, 4>& corners, float x, float y) {
  return slerp(slerp(corners[0], corners[1], x), slerp(corners[2], corners[3], x), y);
}

}  // namespace facemorph
