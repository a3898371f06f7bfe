#pragma once

#include "checkpoint/formats/tensor.hpp"
#include "checkpoint/stack/layer_stack.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace facemorph {

/// The shape of a tutorial DCGAN generator (Radford et al. 2015; PyTorch DCGAN faces tutorial).
struct GeneratorArch {
  int nz = 100;         ///< latent size
  int ngf = 64;         ///< feature maps before the last layer; 0 for other networks
  int nc = 3;           ///< image channels, 1 or 3
  int image_size = 64;  ///< 32, 64, 128 or 256 of the tutorial's; others' may be anything

  bool operator==(const GeneratorArch&) const = default;
};

/// Tutorial keys and shapes of `arch`, in state-dict order:
/// main.0.weight, main.1.weight, main.1.bias, main.1.running_mean, … main.N.weight.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> tutorial_shapes(
    const GeneratorArch& arch);

/// Metadata of our own .safetensors: facemorph.arch, nz, ngf, nc, image_size.
std::map<std::string, std::string> generator_metadata(const GeneratorArch& arch);

/// The executable layers of tensors with tutorial keys. Throws Error naming the offending key.
LayerStack build_stack(const GeneratorArch& arch, const TensorTable& tensors);

/// The shape of a stack that is a tutorial generator's, layer by layer; its widths may differ.
std::optional<GeneratorArch> tutorial_arch(const LayerStack& stack);

/// Calls visit(key, values, shape) for each tensor of a tutorial generator, in its order. Requires
/// tutorial_arch(stack).
void visit_tutorial(
    const LayerStack& stack,
    const std::function<void(const std::string& key, const std::vector<float>& values,
                             const std::vector<std::int64_t>& shape)>& visit);

/// All of them, float32.
TensorTable tutorial_tensors(const LayerStack& stack);

/// Writes the stack's running statistics back into tensors with tutorial keys, in their own dtypes.
void store_statistics(const LayerStack& stack, TensorTable& tensors);

}  // namespace facemorph
