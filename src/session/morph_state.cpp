#include "session/morph_state.hpp"

namespace facemorph {

Face seed_face(std::uint64_t seed, int nz) { return {seed_latent(seed, nz), seed, {}}; }

std::string face_title(const Face& face) {
  if (!face.name.empty()) return face.name;
  if (face.seed) return "seed " + std::to_string(*face.seed);
  return "edited face";
}

Latent evaluate(const MorphState& state, double seconds) {
  if (!state.walking || state.keys.empty()) return truncate(state.face.latent, state.truncation);
  const WalkPosition at = walk_position(state.walk, state.keys.size(), seconds);
  const Latent latent = interpolate(state.walk.interpolation, state.keys[at.from].latent,
                                    state.keys[at.to].latent, at.progress);
  return truncate(latent, state.truncation);
}

}  // namespace facemorph
