#pragma once

#include "latent/walk.hpp"
#include "session/face.hpp"
#include "session/face_sum.hpp"
#include "session/keyframes.hpp"

#include <array>
#include <string>
#include <vector>

namespace facemorph {

/// The walk that a newcomer sees first.
inline constexpr std::array<std::uint64_t, 5> kFirstWalkSeeds = {21, 0, 28, 33, 42};

/// Which model the latents belong to.
struct ModelRef {
  std::string path;  ///< as opened; empty for the bundled model
  std::string hash;  ///< content_hash of the file

  bool operator==(const ModelRef&) const = default;
};

/// A square with a face in each corner, and a puck between them.
struct MorphPad {
  std::array<Face, 4> corners;  ///< top left, top right, bottom left, bottom right; may be empty
  float x = 0.5F;               ///< 0 … 1, to the right
  float y = 0.5F;               ///< 0 … 1, downwards

  bool operator==(const MorphPad&) const = default;
};

/// The face at a place of the pad; see blend(). Requires corners of one size.
Latent blended(const MorphPad& pad, float x, float y);

/// Everything that decides what is on show, and what was made with it: a plain value.
struct MorphState {
  ModelRef model;
  Face face;                   ///< the still face, which the sliders edit
  std::vector<Keyframe> keys;  ///< the walk's faces in order
  std::vector<Track> tracks;   ///< edits that change over the walk
  WalkShape walk;
  bool walking = false;     ///< the walk is on show instead of the still face
  float truncation = 1.0F;  ///< 0 … 10, see truncate(); the window offers up to 1.5
  FaceSum sum;              ///< the faces that are being added up
  std::vector<Direction> directions;
  MorphPad pad;         ///< dragging its puck edits the still face, as sliders do
  double playhead = 0;  ///< where the walk stood when the session was saved, in seconds

  bool operator==(const MorphState&) const = default;
};

/// Whether the walk is on show, and not the still face.
bool moves(const MorphState& state);

/// One pass of the walk in seconds: 0 for less than two faces without tracks, infinite for a drift.
double duration(const MorphState& state);
/// Whether the walk begins again at its end.
bool returns(const MorphState& state);
/// The walk's time line, as its tracks see it.
TimeSpan time_span(const MorphState& state);

/// What the pad's track, else the state, says of the puck; and so for the truncation.
MorphPad pad_at(const MorphState& state, double seconds);
float truncation_at(const MorphState& state, double seconds);

/// The latent `seconds` into the walk before truncation. A walk with no faces shows the still one.
Latent latent_at(const MorphState& state, double seconds);

/// The latent on show `seconds` into the walk: pure, the one path from state to network for the
/// viewer, recorder, command line and tests.
Latent evaluate(const MorphState& state, double seconds);

}  // namespace facemorph
