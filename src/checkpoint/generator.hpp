#pragma once

#include "checkpoint/checkpoint.hpp"
#include "checkpoint/layer_stack.hpp"

#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// The shape of a tutorial DCGAN generator (Radford et al. 2015; PyTorch DCGAN faces tutorial).
struct GeneratorArch {
  int nz = 100;         ///< latent size
  int ngf = 64;         ///< feature maps before the last layer
  int nc = 3;           ///< image channels, 1 or 3
  int image_size = 64;  ///< 32, 64, 128 or 256

  bool operator==(const GeneratorArch&) const = default;
};

/// A generator found in a checkpoint: canonical tensors, and the layers to run.
struct OpenedGenerator {
  GeneratorArch arch;
  std::string state_dict_path;             ///< which state dict of the file was taken
  std::vector<std::string> other_choices;  ///< further generators of the file, by path
  TensorTable tensors;             ///< tutorial keys main.0.weight …, in the file's own dtypes
  LayerStack stack;                ///< float32, ready to execute
  std::vector<std::string> notes;  ///< assumptions and problems, plain sentences
};

/// Finds the generator in a checkpoint: infers nz, ngf, nc and image size from shapes.
/// `state_dict_path` picks one of several; by default the first that fits (EMA first). A path may
/// also name a part of a table: "state_dict.generator".
/// Throws Error that says what the file holds instead (a discriminator, an optimiser, …).
OpenedGenerator open_generator(const Checkpoint& checkpoint,
                               const std::optional<std::string>& state_dict_path = std::nullopt);

/// Tutorial keys and shapes of `arch`, in state-dict order:
/// main.0.weight, main.1.weight, main.1.bias, main.1.running_mean, … main.N.weight.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> tutorial_shapes(
    const GeneratorArch& arch);

/// Metadata of our own .safetensors: facemorph.arch, nz, ngf, nc, image_size.
std::map<std::string, std::string> generator_metadata(const GeneratorArch& arch);

/// The executable layers of tensors with tutorial keys. Throws Error naming the offending key.
LayerStack build_stack(const GeneratorArch& arch, const TensorTable& tensors);

/// Writes the stack's running statistics back into tensors with tutorial keys, in their own dtypes.
void store_statistics(const LayerStack& stack, TensorTable& tensors);

}  // namespace facemorph
