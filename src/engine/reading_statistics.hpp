#pragma once

#include "engine/reading_choices.hpp"

#include <torch/types.h>

namespace facemorph {

/// Makes the choices that reproduce the stored batch-norm statistics on some latents best. False,
/// with the choices as they were, when the statistics are broken: none reproduces them.
/// large: of a network where every try takes its time.
bool choose_by_statistics(ReadingChoices& choices, const torch::Tensor& latents, bool large);

}  // namespace facemorph
