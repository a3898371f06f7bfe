#pragma once

#include "checkpoint/generator.hpp"

#include <map>
#include <string>

namespace facemorph {

/// What an assumption rests on.
enum class Basis {
  Stated,      ///< the file says so, or its shapes leave nothing else
  Statistics,  ///< the network's stored batch-norm statistics agree with no other value as well
  Looks,       ///< no other value gives pictures as natural
  Values,      ///< the values that the network gives suggest it
  Habit,       ///< most generators have it
  Chosen,      ///< by the user
};
std::string_view basis_text(Basis basis);  ///< "the file says so" …

struct Certainty {
  double confidence = 0;  ///< in [0, 1]
  Basis basis = Basis::Habit;
};

/// How sure each assumption of a generator is, by the choice's key.
using Certainties = std::map<std::string, Certainty>;

/// Chooses what the tensors of a generator leave open: runs the candidates on random latents and
/// takes those that reproduce the stored batch-norm statistics, which only the right order of
/// layers does; where there are none, those that give the most natural pictures; else what is
/// usual. Choices in `fixed` are left as they are set there. Deterministic; well under a second for
/// networks of up to 20 MB. Throws UsageError for an unknown key or value in `fixed`.
Certainties choose_reading(OpenedGenerator& generator, const Assumptions& fixed);

}  // namespace facemorph
