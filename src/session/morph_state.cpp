#include "session/morph_state.hpp"

#include "latent/blend.hpp"

namespace facemorph {

Latent blended(const MorphPad& pad, float x, float y) {
  return blend(
      {pad.corners[0].latent, pad.corners[1].latent, pad.corners[2].latent, pad.corners[3].latent},
      x, y);
}

bool moves(const MorphState& state) {
  return state.walking && (!state.keys.empty() || !goes_through_faces(state.walk.path));
}

Latent evaluate(const MorphState& state, double seconds) {
  if (!moves(state)) return truncate(state.face.latent, state.truncation);
  if (!goes_through_faces(state.walk.path))
    return truncate(wander(state.walk, static_cast<int>(state.face.latent.size()), seconds),
                    state.truncation);
  const auto key = [&state](std::size_t i) -> const Latent& { return state.keys[i].latent; };
  return truncate(walk_latent(state.walk, state.keys.size(), key, seconds), state.truncation);
}

}  // namespace facemorph
