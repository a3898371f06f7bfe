#include "session/morph_state.hpp"

namespace facemorph {

Latent evaluate(const MorphState& state, double seconds) {
  if (!state.walking || state.keys.empty()) return truncate(state.face.latent, state.truncation);
  const auto key = [&state](std::size_t i) -> const Latent& { return state.keys[i].latent; };
  return truncate(walk_latent(state.walk, state.keys.size(), key, seconds), state.truncation);
}

}  // namespace facemorph
