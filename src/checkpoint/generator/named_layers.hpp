#pragma once

#include "checkpoint/formats/tensor.hpp"

#include <string>
#include <utility>
#include <vector>

namespace facemorph {

/// Named tensors that live elsewhere: a part of a table, or all of it.
using TensorView = std::vector<std::pair<std::string, const Tensor*>>;

/// The tensors of one layer: "main.3.weight" is leaf "weight" of layer "main.3".
struct NamedLayer {
  std::string name;
  TensorView leaves;

  const Tensor* find(std::string_view leaf) const;
  /// Requires that the leaf is there.
  const std::vector<std::int64_t>& shape(std::string_view leaf) const { return find(leaf)->shape; }
};

/// Tensors grouped by layer, in the order in which the network runs them as far as the names tell:
/// numbered layers by their numbers (files may be sorted by text, main.10 before main.3), others
/// as the file has them.
std::vector<NamedLayer> layers_of(const TensorView& tensors);

}  // namespace facemorph
