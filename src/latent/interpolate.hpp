#pragma once

#include "latent/latent.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace facemorph {

enum class Interpolation { Slerp, Linear };

/// Straight line. Passes through short vectors in the middle, which look like blurred averages.
Latent lerp(std::span<const float> a, std::span<const float> b, float t);

/// Along the great circle, norms blended linearly (Shoemake 1985; White 2016, section 2.1): every
/// step stays as typical as its ends. Exact at t = 0 and 1. Falls back to lerp for parallel,
/// opposite or zero vectors.
Latent slerp(std::span<const float> a, std::span<const float> b, float t);

Latent interpolate(Interpolation kind, std::span<const float> a, std::span<const float> b, float t);

/// Shapes motion between two faces: maps progress [0, 1] to [0, 1], exact at both ends.
enum class Easing { Linear, Smooth, Smoother, EaseIn, EaseOut };
inline constexpr std::array kEasings = {Easing::Linear, Easing::Smooth, Easing::Smoother,
                                        Easing::EaseIn, Easing::EaseOut};
float ease(Easing easing, float progress);

/// Stable lower-case names for files and the command line: "linear", "smooth", "ease-in" …
std::string_view name_of(Easing easing);
std::optional<Easing> easing_from(std::string_view name);

}  // namespace facemorph
