#include "checkpoint/generator.hpp"

#include "base/error.hpp"
#include "checkpoint/tutorial_match.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

/// Layers of the tutorial's network: conv i is main.<3i>, its batch norm main.<3i+1>.
std::string conv_key(std::size_t i) {
  return "main." + std::to_string(3 * i) + ".weight";
}
std::string norm_key(std::size_t i, std::string_view leaf) {
  return "main." + std::to_string(3 * i + 1) + "." + std::string(leaf);
}

std::size_t conv_count(const GeneratorArch& arch) {
  std::size_t count = 1;
  for (int size = 4; size < arch.image_size; size *= 2)
    ++count;
  return count;
}

std::vector<float> values_at(const TensorTable& tensors, const std::string& key) {
  const Tensor* found = tensors.find(key);
  if (found == nullptr) throw Error("the weights lack '" + key + "'.");
  return to_floats(*found);
}

bool all_finite(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
}

ConvTranspose2dLayer conv_layer(const TensorTable& tensors, std::size_t i) {
  const std::string key = conv_key(i);
  ConvTranspose2dLayer layer;
  layer.weight = values_at(tensors, key);
  if (!all_finite(layer.weight))
    throw Error("'" + key +
                "' holds values that are not numbers: the training that wrote this file broke "
                "down. Use an earlier checkpoint.");
  const auto& shape = tensors.find(key)->shape;
  layer.in_channels = static_cast<int>(shape.at(0));
  layer.out_channels = static_cast<int>(shape.at(1));
  layer.kernel = static_cast<int>(shape.at(2));
  layer.stride = i == 0 ? 1 : 2;
  layer.padding = i == 0 ? 0 : 1;
  return layer;
}

BatchNorm2dLayer norm_layer(const TensorTable& tensors, std::size_t i) {
  return {values_at(tensors, norm_key(i, "weight")), values_at(tensors, norm_key(i, "bias")),
          values_at(tensors, norm_key(i, "running_mean")),
          values_at(tensors, norm_key(i, "running_var")), 1e-5F};
}

/// A plain sentence for each thing about the statistics that a person should know.
void note_statistics(const LayerStack& stack, std::vector<std::string>& notes) {
  bool broken = false;
  for (const Layer& layer : stack.layers)
    if (const auto* norm = std::get_if<BatchNorm2dLayer>(&layer))
      broken = broken || !all_finite(norm->running_mean) || !all_finite(norm->running_var) ||
               std::ranges::any_of(norm->running_var, [](float v) { return v < 0; });
  if (broken)
    notes.emplace_back(
        "Batch-norm statistics hold impossible values; recalibrating batch norm replaces them.");
}

std::string shown(const std::string& path) {
  return path.empty() ? "the top level" : "'" + path + "'";
}

OpenedGenerator open_matched(TutorialMatch match, std::string path) {
  OpenedGenerator opened;
  opened.arch = match.arch;
  opened.state_dict_path = std::move(path);
  opened.tensors = std::move(match.tensors);
  opened.notes = std::move(match.notes);
  opened.stack = build_stack(opened.arch, opened.tensors);
  note_statistics(opened.stack, opened.notes);
  return opened;
}

OpenedGenerator open_named(const Checkpoint& checkpoint, const std::string& path) {
  std::string names;
  for (const StateDict& state_dict : checkpoint.state_dicts) {
    names += (names.empty() ? "" : ", ") + shown(state_dict.path);
    if (state_dict.path == path) return open_matched(match_tutorial(state_dict.tensors), path);
  }
  throw Error("the file has no weights named '" + path + "'. It has: " + names + ".");
}

}  // namespace

OpenedGenerator open_generator(const Checkpoint& checkpoint,
                               const std::optional<std::string>& state_dict_path) {
  if (state_dict_path) return open_named(checkpoint, *state_dict_path);
  std::optional<OpenedGenerator> opened;
  std::string first_problem;
  for (const StateDict& state_dict : checkpoint.state_dicts) {
    try {
      if (!opened) {
        opened = open_matched(match_tutorial(state_dict.tensors), state_dict.path);
      } else {
        match_tutorial(state_dict.tensors);
        opened->other_choices.push_back(state_dict.path);
      }
    } catch (const Error& error) {
      if (first_problem.empty()) first_problem = error.what();
    }
  }
  if (!opened)
    throw Error(first_problem.empty() ? "there are no weights in this file." : first_problem);
  return *std::move(opened);
}

std::vector<std::pair<std::string, std::vector<std::int64_t>>> tutorial_shapes(
    const GeneratorArch& arch) {
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes;
  const std::size_t convs = conv_count(arch);
  std::int64_t in = arch.nz;
  for (std::size_t i = 0; i < convs; ++i) {
    const bool last = i + 1 == convs;
    const std::int64_t out = last ? arch.nc : std::int64_t{arch.ngf} << (convs - 2 - i);
    shapes.push_back({conv_key(i), {in, out, 4, 4}});
    if (last) break;
    for (const char* leaf : {"weight", "bias", "running_mean", "running_var"})
      shapes.push_back({norm_key(i, leaf), {out}});
    shapes.push_back({norm_key(i, "num_batches_tracked"), {}});
    in = out;
  }
  return shapes;
}

std::map<std::string, std::string> generator_metadata(const GeneratorArch& arch) {
  return {{"format", "pt"},
          {"facemorph.arch", "dcgan"},
          {"facemorph.nz", std::to_string(arch.nz)},
          {"facemorph.ngf", std::to_string(arch.ngf)},
          {"facemorph.nc", std::to_string(arch.nc)},
          {"facemorph.image_size", std::to_string(arch.image_size)}};
}

LayerStack build_stack(const GeneratorArch& arch, const TensorTable& tensors) {
  LayerStack stack{arch.nz, arch.nc, arch.image_size, {}};
  const std::size_t convs = conv_count(arch);
  for (std::size_t i = 0; i < convs; ++i) {
    stack.layers.emplace_back(conv_layer(tensors, i));
    if (i + 1 == convs) break;
    stack.layers.emplace_back(norm_layer(tensors, i));
    stack.layers.emplace_back(ReluLayer{});
  }
  stack.layers.emplace_back(TanhLayer{});
  return stack;
}

void store_statistics(const LayerStack& stack, TensorTable& tensors) {
  std::size_t i = 0;
  for (const Layer& layer : stack.layers) {
    const auto* norm = std::get_if<BatchNorm2dLayer>(&layer);
    if (norm == nullptr) continue;
    for (const auto& [leaf, values] :
         {std::pair{"running_mean", &norm->running_mean}, {"running_var", &norm->running_var}}) {
      const std::string key = norm_key(i, leaf);
      const Tensor* old = tensors.find(key);
      const DType dtype = old == nullptr ? DType::Float32 : old->dtype;
      tensors.set(
          key,
          convert_floats(from_floats(*values, {static_cast<std::int64_t>(values->size())}), dtype));
    }
    ++i;
  }
}

}  // namespace facemorph
