#pragma once

#include "latent/walk.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// A face: its latent, and the seed it came from while it is still exactly that seed's latent.
struct Face {
  Latent latent;
  std::optional<std::uint64_t> seed;
  std::string name;  ///< given by a person; may be empty

  bool operator==(const Face&) const = default;
};

/// The face of a seed. Requires nz >= 1.
Face seed_face(std::uint64_t seed, int nz);
/// What to call a face on screen: its name, else "seed 42", else "edited face".
std::string face_title(const Face& face);

/// The walk that a newcomer sees first.
inline constexpr std::array<std::uint64_t, 5> kFirstWalkSeeds = {21, 0, 28, 33, 42};

/// Which model the latents belong to.
struct ModelRef {
  std::string path;  ///< as opened; empty for the bundled model
  std::string hash;  ///< content_hash of the file

  bool operator==(const ModelRef&) const = default;
};

/// Everything that decides what is on show: a plain value.
struct MorphState {
  ModelRef model;
  Face face;               ///< the still face, which the sliders edit
  std::vector<Face> keys;  ///< the walk's faces in order
  WalkShape walk;
  bool walking = false;     ///< the walk is on show instead of the still face
  float truncation = 1.0F;  ///< 0 … 10, see truncate(); the window offers up to 1.5

  bool operator==(const MorphState&) const = default;
};

/// The latent on show `seconds` into the walk: pure, the one path from state to network for the
/// viewer, recorder, command line and tests. A walk with no keys shows the still face.
Latent evaluate(const MorphState& state, double seconds);

}  // namespace facemorph
