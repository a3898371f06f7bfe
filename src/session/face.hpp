#pragma once

#include "latent/latent.hpp"

#include <cstdint>
#include <optional>
#include <string>

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

}  // namespace facemorph
