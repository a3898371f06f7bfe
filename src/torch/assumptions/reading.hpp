#pragma once

#include "checkpoint/generator/certainty.hpp"
#include "checkpoint/generator/generator.hpp"

namespace facemorph {

/// Chooses what the tensors of a generator leave open: runs the candidates on random latents and
/// takes those that reproduce the stored batch-norm statistics, which only the right order of
/// layers does; where there are none, those that give the most natural pictures; else what is
/// usual. Choices in `fixed` are left as they are set there. Deterministic; well under a second for
/// networks of up to 20 MB. Throws UsageError for an unknown key or value in `fixed`, Error when
/// the network cannot run.
Certainties choose_reading(OpenedGenerator& generator, const Assumptions& fixed);

}  // namespace facemorph
