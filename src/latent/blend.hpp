#pragma once

#include "latent/latent.hpp"

#include <array>

namespace facemorph {

/// Four corners blended at a place in the unit square: (0, 0) is the first, (1, 0) the second,
/// (0, 1) the third, (1, 1) the fourth. Along the sphere (slerp of slerps), so that every place
/// gives as typical a face as the corners; exactly the corners in the corners. All of one size.
Latent blend(const std::array<Latent, 4>& corners, float x, float y);

}  // namespace facemorph
