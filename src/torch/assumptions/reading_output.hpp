#pragma once

#include "torch/assumptions/reading.hpp"

#include <torch/types.h>

namespace facemorph {

/// What the values of a last layer, before any activation, say about that activation.
struct OutputReading {
  std::string output;  ///< tanh | sigmoid | none
  std::string range;   ///< -1..1 | 0..1 | 0..255
  Certainty certainty;
};

/// A network without a last activation keeps to the range of pictures by itself; one with tanh or
/// sigmoid goes beyond. Which of these two it has only its contrast says, if it is a natural one;
/// else it is the usual.
OutputReading read_output(const torch::Tensor& values, const std::string& usual = "tanh");

}  // namespace facemorph
