#pragma once

#include "latent/latent.hpp"

#include <span>

namespace facemorph {

/// The normal, of length 1, of the plane that parts latents of faces that have something from those
/// that have not, pointing to the former: logistic regression with a quadratic penalty, as
/// InterFaceGAN does with a linear SVM (Shen et al. 2020, section 3.1). Empty when either side is.
/// All latents are of one size.
Latent boundary_between(std::span<const Latent> has_it, std::span<const Latent> has_not);

}  // namespace facemorph
