#pragma once

#include "checkpoint/generator.hpp"

#include <string>
#include <vector>

namespace facemorph {

/// A state dict that has the tutorial's shape, with its tensors under the tutorial's keys.
struct TutorialMatch {
  std::string prefix;  ///< "generator" when a table of several networks names it so, else empty
  GeneratorArch arch;
  TensorTable tensors;
  std::vector<std::string> notes;
};

/// Reads a table as tutorial DCGAN generators of any nz, ngf, nc and size: 4x4 transposed
/// convolutions that chain, a batch norm of fitting width after each but the last. Layer names may
/// differ from the tutorial's. A table that holds several networks side by side ("generator.…",
/// "discriminator.…") gives every generator in it, the likeliest first.
/// Throws Error that says what the table is instead, or what is unsupported.
std::vector<TutorialMatch> match_tutorial(const TensorTable& tensors);

}  // namespace facemorph
