#include "session/morph_state.hpp"

#include "latent/blend.hpp"

#include <algorithm>

namespace facemorph {

Latent blended(const MorphPad& pad, float x, float y) {
  return blend(
      {pad.corners[0].latent, pad.corners[1].latent, pad.corners[2].latent, pad.corners[3].latent},
      x, y);
}

bool moves(const MorphState& state) {
  return state.walking && (!state.keys.empty() || !goes_through_faces(state.walk.path) ||
                           find_track(state, {TrackKind::Pad, {}}) != nullptr);
}

double duration(const MorphState& state) {
  const std::size_t least = state.tracks.empty() ? 0 : 2;  // tracks move a single face as well
  return walk_duration(state.walk, std::max(state.keys.size(), least));
}

bool returns(const MorphState& state) {
  return state.walk.loop || !goes_through_faces(state.walk.path);
}

TimeSpan time_span(const MorphState& state) {
  return {duration(state), returns(state) && state.walk.path != WalkPath::Drift};
}

MorphPad pad_at(const MorphState& state, double seconds) {
  MorphPad pad = state.pad;
  if (const Track* track = find_track(state, {TrackKind::Pad, {}}); track && state.walking) {
    const TrackKey at = track_value(*track, time_span(state), seconds);
    pad.x = at.value;
    pad.y = at.y;
  }
  return pad;
}

float truncation_at(const MorphState& state, double seconds) {
  const Track* track = find_track(state, {TrackKind::Truncation, {}});
  if (track == nullptr || !moves(state)) return state.truncation;
  return track_value(*track, time_span(state), seconds).value;
}

namespace {

/// The walk's face with no track but the pad's.
Latent walked(const MorphState& state, double seconds) {
  if (find_track(state, {TrackKind::Pad, {}}) != nullptr) {
    const MorphPad pad = pad_at(state, seconds);
    return blended(pad, pad.x, pad.y);
  }
  if (!goes_through_faces(state.walk.path))
    return wander(state.walk, static_cast<int>(state.face.latent.size()), seconds);
  const auto key = [&state](std::size_t i) -> const Latent& { return state.keys[i].face.latent; };
  KeyPosition at = walk_position(state.walk, times_of(state.keys), seconds);
  if (at.from != at.to) at.progress = place_of(state.keys[at.from].steps, at.progress);
  return walk_latent(state.walk, state.keys.size(), key, at);
}

}  // namespace

Latent latent_at(const MorphState& state, double seconds) {
  if (!moves(state)) return state.face.latent;
  Latent latent = walked(state, seconds);
  for (const Track& track : state.tracks) {
    if (track.target.kind != TrackKind::Direction) continue;
    const float offset = track_value(track, time_span(state), seconds).value;
    for (std::size_t i = 0; i < latent.size(); ++i)
      latent[i] += offset * track.target.direction.vector[i];
  }
  return latent;
}

Latent evaluate(const MorphState& state, double seconds) {
  return truncate(latent_at(state, seconds), truncation_at(state, seconds));
}

}  // namespace facemorph
