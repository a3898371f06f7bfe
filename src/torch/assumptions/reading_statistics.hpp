#pragma once

#include "torch/assumptions/reading_choices.hpp"

#include <torch/types.h>

#include <cstdint>

namespace facemorph {

struct ReadingLatents {
  torch::Tensor all;   ///< [N, nz, 1, 1], for what only many faces tell
  std::int64_t usual;  ///< how many of them to search with, 2 to N
};

/// Makes the choices that reproduce the stored batch-norm statistics on some latents best. False,
/// with the choices as they were, when the statistics are broken: none reproduces them.
/// large: of a network where every try takes its time.
bool choose_by_statistics(ReadingChoices& choices, const ReadingLatents& latents, bool large);

}  // namespace facemorph
