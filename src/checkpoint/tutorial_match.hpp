#pragma once

#include "checkpoint/generator.hpp"

#include <string>
#include <vector>

namespace facemorph {

/// A state dict that has the tutorial's shape, with its tensors under the tutorial's keys.
struct TutorialMatch {
  GeneratorArch arch;
  TensorTable tensors;
  std::vector<std::string> notes;
};

/// Reads a table as a tutorial DCGAN generator of any nz, ngf, nc and size: 4x4 transposed
/// convolutions that chain, a batch norm of fitting width after each but the last. Names may differ
/// from the tutorial's. Throws Error that says what the table is instead, or what is unsupported.
TutorialMatch match_tutorial(const TensorTable& tensors);

}  // namespace facemorph
