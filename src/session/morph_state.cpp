#include "session/morph_state.hpp"

namespace facemorph {

Face seed_face(std::uint64_t seed, int nz) {
  return {seed_latent(seed, nz), seed, {}};
}

std::string face_title(const Face& face) {
  if (!face.name.empty()) return face.name;
  if (face.seed) return "seed " + std::to_string(*face.seed);
  return "edited face";
}

Latent evaluate(const MorphState& state, double seconds) {
  if (!state.walking || state.keys.empty()) return truncate(state.face.latent, state.truncation);
  const auto key = [&state](std::size_t i) -> const Latent& { return state.keys[i].latent; };
  return truncate(walk_latent(state.walk, state.keys.size(), key, seconds), state.truncation);
}

}  // namespace facemorph
