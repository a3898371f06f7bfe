#pragma once

#include "latent/arithmetic.hpp"
#include "session/face.hpp"

#include <vector>

namespace facemorph {

/// One bin of a sum: the mean of its faces, weighted.
struct SumTerm {
  float weight = 1.0F;
  std::vector<Face> faces;

  bool operator==(const SumTerm&) const = default;
};

/// A - B + C, with as many terms as a person likes.
struct FaceSum {
  std::vector<SumTerm> terms = {{1.0F, {}}, {-1.0F, {}}, {1.0F, {}}};
  SumLength length = SumLength::Typical;
  float noise = 0.25F;  ///< of the neighbours, see noisy_neighbour()

  bool operator==(const FaceSum&) const = default;
};

/// The latent that the sum gives; empty while no term has a face.
Latent result_of(const FaceSum& sum);

/// From the mean of one term's faces to that of another's, of length 1; empty while either has
/// none, or they do not differ.
Latent direction_between(const SumTerm& from, const SumTerm& to);

/// The direction that parts the faces that have something from those that have not; see
/// boundary_between().
Latent boundary_of(const SumTerm& has_it, const SumTerm& has_not);

/// "A − B + C": the terms that have faces.
std::string title_of(const FaceSum& sum);

/// "A", "B" … for the terms in their order.
std::string term_name(std::size_t index);

}  // namespace facemorph
