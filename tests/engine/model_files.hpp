#pragma once

#include "base/temporary_folder.hpp"
#include "engine/model.hpp"
#include "torch/network/fixtures.hpp"

#include <filesystem>

namespace facemorph::testing {

/// A Python-made network as a checkpoint file.
inline std::filesystem::path write_model(const TemporaryFolder& folder, const Fixture& python,
                                         const TensorTable& tensors) {
  const std::filesystem::path path = folder / (python.name() + ".safetensors");
  write_checkpoint(path, tensors, generator_metadata(python.arch()));
  return path;
}

/// Its state with the running statistics that belong to it.
inline TensorTable healthy_state(const Fixture& python) {
  TensorTable state = python.table("state/");
  const TensorTable recalibrated = python.table("recalibrated/");
  for (const auto& [name, tensor] : recalibrated.entries())
    state.set(name, tensor);
  return state;
}

inline std::shared_ptr<const Model> open_fixture(const Fixture& python) {
  const TemporaryFolder folder;
  return load_model(write_model(folder, python, healthy_state(python)));
}

}  // namespace facemorph::testing
