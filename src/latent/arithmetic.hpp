#pragma once

#include "latent/latent.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace facemorph {

/// Sums of faces: Radford et al. 2015, section 6.3.2 ("smiling woman - woman + man").
struct WeightedLatents {
  float weight = 1.0F;
  std::vector<Latent> exemplars;  ///< their mean counts; three steady it
};

enum class SumLength {
  Typical,  ///< sqrt(nz), as random latents have it: the mean of several is shorter, and pale
  Raw       ///< as the sum gives it
};

/// The weighted sum of the terms' means; terms without exemplars count as nothing. Empty when no
/// term has any. All latents are of one size.
Latent weighted_sum(std::span<const WeightedLatents> terms, SumLength length);

/// The vector scaled to `length`; a zero vector stays.
Latent with_norm(std::span<const float> z, float length);

/// One of the faces around a sum: every value shifted by at most `amount` (the paper has 0.25).
/// The same number gives the same shift.
Latent noisy_neighbour(std::span<const float> z, float amount, std::size_t number);

/// Where z stands along a direction of length 1, in standard deviations of random latents.
float place_along(std::span<const float> z, std::span<const float> direction);

/// z moved along a direction of length 1 until it stands at `place`; nothing across it changes.
Latent moved_along(std::span<const float> z, std::span<const float> direction, float place);

/// The same, by the part of the direction that lies across the `held` ones, so that z stays where
/// it is along those (conditional manipulation: Shen et al. 2020, section 2.2). Where next to
/// nothing of the direction is left, it is moved along as it is.
Latent moved_along(std::span<const float> z, std::span<const float> direction, float place,
                   std::span<const Latent> held);

}  // namespace facemorph
