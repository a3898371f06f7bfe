#pragma once

#include "checkpoint/formats/shared_values.hpp"
#include "checkpoint/generator/named_layers.hpp"

#include <string>
#include <variant>
#include <vector>

namespace facemorph {

/// A tensor that multiplies: fully connected [out, in], convolution [out, in, k, k] or transposed
/// convolution [in, out, k, k] (which of the two, its shape alone does not say). Spectral and
/// weight norm are folded in, as eval mode does.
struct WeightTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  Weights values;
  std::vector<float> bias;  ///< or empty

  bool is_matrix() const { return shape.size() == 2; }
  int kernel() const { return is_matrix() ? 1 : static_cast<int>(shape[2]); }
};

/// The tensors of a normalisation. Any may be missing: affine=False has no scale and shift,
/// instance and group norms have no running statistics.
struct NormTensors {
  std::string name;
  int width = 0;
  std::vector<float> scale, shift, running_mean, running_var;

  bool has_statistics() const { return !running_mean.empty(); }
};

/// The slopes of a PReLU: one, or one a channel.
struct SlopeTensor {
  std::string name;
  std::vector<float> slopes;
};

/// A part of a network by its place in the file.
using NetworkPart = std::variant<WeightTensor, NormTensors, SlopeTensor>;

/// The parts of a table in the order in which the file has them (numbered layers by number).
/// Throws Error that names the first tensor that no generator has, weights that are not finite or
/// not of a floating type.
std::vector<NetworkPart> network_parts(const TensorView& tensors);

}  // namespace facemorph
