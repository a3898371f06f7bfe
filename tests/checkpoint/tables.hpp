#pragma once

#include "checkpoint/generator/generator.hpp"

namespace facemorph::testing {

/// A generator's tensors, every value different: element i is i / 1000, counted through.
inline TensorTable generator_tensors(const GeneratorArch& arch) {
  TensorTable table;
  float next = 0;
  for (const auto& [name, shape] : tutorial_shapes(arch)) {
    if (name.ends_with("num_batches_tracked")) {
      table.set(name, Tensor{DType::Int64, {}, std::vector<std::byte>(8)});
      continue;
    }
    std::size_t count = 1;
    for (const std::int64_t side : shape)
      count *= static_cast<std::size_t>(side);
    std::vector<float> values(count);
    for (float& value : values)
      value = (next += 0.001F);
    table.set(name, from_floats(values, shape));
  }
  return table;
}

inline Checkpoint checkpoint_of(TensorTable tensors, std::string path = "") {
  Checkpoint checkpoint;
  checkpoint.state_dicts.push_back({std::move(path), std::move(tensors)});
  return checkpoint;
}

}  // namespace facemorph::testing
