#pragma once

#include "latent/walk.hpp"
#include "session/face.hpp"
#include "session/face_sum.hpp"

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

/// A way through latent space that a person gave a name. A face's place along it is a slider, as
/// each of its dimensions is.
struct Direction {
  std::string name;
  Latent vector;  ///< of length 1

  bool operator==(const Direction&) const = default;
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
  Face face;               ///< the still face, which the sliders edit
  std::vector<Face> keys;  ///< the walk's faces in order
  WalkShape walk;
  bool walking = false;     ///< the walk is on show instead of the still face
  float truncation = 1.0F;  ///< 0 … 10, see truncate(); the window offers up to 1.5
  FaceSum sum;              ///< the faces that are being added up
  std::vector<Direction> directions;
  MorphPad pad;  ///< dragging its puck edits the still face, as sliders do

  bool operator==(const MorphState&) const = default;
};

/// Whether the walk is on show, and not the still face.
bool moves(const MorphState& state);

/// The latent on show `seconds` into the walk: pure, the one path from state to network for the
/// viewer, recorder, command line and tests. A walk with no keys shows the still face.
Latent evaluate(const MorphState& state, double seconds);

}  // namespace facemorph
