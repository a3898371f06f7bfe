#pragma once

#include "torch/assumptions/reading_choices.hpp"

#include <torch/types.h>

namespace facemorph {

/// Where no statistics tell: chooses norms and activations by the pictures that they give
/// (unlikeness).
void choose_by_looks(ReadingChoices& choices, const torch::Tensor& latents);

}  // namespace facemorph
