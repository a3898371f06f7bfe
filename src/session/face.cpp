#include "session/face.hpp"

namespace facemorph {

Face seed_face(std::uint64_t seed, int nz) {
  return {seed_latent(seed, nz), seed, {}};
}

std::string face_title(const Face& face) {
  if (!face.name.empty()) return face.name;
  if (face.seed) return "seed " + std::to_string(*face.seed);
  return "edited face";
}

}  // namespace facemorph
