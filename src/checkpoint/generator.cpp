#include "checkpoint/generator.hpp"

#include "base/error.hpp"
#include "checkpoint/names.hpp"
#include "checkpoint/tutorial_match.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

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

bool all_finite(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
}

std::vector<float> values_at(const TensorTable& tensors, const std::string& key) {
  const Tensor* found = tensors.find(key);
  if (found == nullptr) throw Error("the weights lack '" + key + "'.");
  return to_floats(*found);
}

/// Values without which nothing can be shown; running statistics can be estimated anew.
std::vector<float> weights_at(const TensorTable& tensors, const std::string& key) {
  std::vector<float> values = values_at(tensors, key);
  if (!all_finite(values))
    throw Error("'" + key +
                "' holds values that are not finite numbers: the training that wrote "
                "this file broke down. Use an earlier checkpoint.");
  return values;
}

ConvTranspose2dLayer conv_layer(const TensorTable& tensors, std::size_t i) {
  const std::string key = conv_key(i);
  ConvTranspose2dLayer layer;
  layer.weight = weights_at(tensors, key);
  const auto& shape = tensors.find(key)->shape;
  if (shape.size() != 4) throw Error("'" + key + "' has the shape " + shape_text(shape) + ".");
  layer.in_channels = static_cast<int>(shape[0]);
  layer.out_channels = static_cast<int>(shape[1]);
  layer.kernel = static_cast<int>(shape[2]);
  layer.stride = i == 0 ? 1 : 2;
  layer.padding = i == 0 ? 0 : 1;
  return layer;
}

BatchNormLayer norm_layer(const TensorTable& tensors, std::size_t i) {
  BatchNormLayer layer;
  layer.scale = weights_at(tensors, norm_key(i, "weight"));
  layer.shift = weights_at(tensors, norm_key(i, "bias"));
  layer.running_mean = values_at(tensors, norm_key(i, "running_mean"));
  layer.running_var = values_at(tensors, norm_key(i, "running_var"));
  return layer;
}

bool is_possible(const BatchNormLayer& norm) {
  return all_finite(norm.running_mean) && all_finite(norm.running_var) &&
         std::ranges::all_of(norm.running_var, [](float v) { return v >= 0; });
}

/// A plain sentence for what a person should know about the statistics.
void note_statistics(const LayerStack& stack, std::vector<std::string>& notes) {
  const bool possible = std::ranges::all_of(stack.layers, [](const Layer& layer) {
    const auto* norm = std::get_if<BatchNormLayer>(&layer);
    return norm == nullptr || is_possible(*norm);
  });
  if (!possible)
    notes.emplace_back(
        "Batch-norm statistics hold impossible values; recalibrating batch norm "
        "replaces them.");
}

std::string shown(const std::string& path) {
  return path.empty() ? "the top level" : "'" + printable(path) + "'";
}

struct Candidate {
  std::string path;
  TutorialMatch match;
};

std::string join(const std::string& path, const std::string& prefix) {
  return path.empty() || prefix.empty() ? path + prefix : path + "." + prefix;
}

/// Every generator of the file, the likeliest first. Throws the most telling reason when there is
/// none: that of the largest table.
std::vector<Candidate> find_candidates(const Checkpoint& checkpoint) {
  std::vector<Candidate> candidates;
  std::string problem = "there are no weights in this file.";
  std::size_t largest = 0;
  for (const StateDict& state_dict : checkpoint.state_dicts) {
    try {
      for (TutorialMatch& match : match_tutorial(state_dict.tensors)) {
        std::string path = join(state_dict.path, match.prefix);
        candidates.push_back({std::move(path), std::move(match)});
      }
    } catch (const Error& error) {
      if (state_dict.tensors.size() <= largest) continue;
      largest = state_dict.tensors.size();
      problem = error.what();
    }
  }
  if (candidates.empty()) throw Error(problem);
  std::ranges::stable_sort(candidates, {},
                           [](const Candidate& c) { return generator_rank(c.path); });
  return candidates;
}

OpenedGenerator open_match(TutorialMatch match, std::string path) {
  OpenedGenerator opened;
  opened.stack = build_stack(match.arch, match.tensors);
  opened.arch = match.arch;
  opened.state_dict_path = std::move(path);
  opened.tensors = std::move(match.tensors);
  opened.notes = std::move(match.notes);
  note_statistics(opened.stack, opened.notes);
  return opened;
}

/// Where the asked-for generator stands. Throws Error that says why it cannot be had.
std::size_t place_of(const std::vector<Candidate>& candidates, const Checkpoint& checkpoint,
                     const std::string& path) {
  const auto found = std::ranges::find(candidates, path, &Candidate::path);
  if (found != candidates.end()) return static_cast<std::size_t>(found - candidates.begin());
  for (const StateDict& state_dict : checkpoint.state_dicts)
    if (state_dict.path == path) match_tutorial(state_dict.tensors);  // throws what is wrong
  std::string names;
  for (const Candidate& candidate : candidates)
    names += (names.empty() ? "" : ", ") + shown(candidate.path);
  throw Error("the file has no generator named '" + printable(path) + "'. It has: " + names + ".");
}

}  // namespace

OpenedGenerator open_generator(const Checkpoint& checkpoint,
                               const std::optional<std::string>& state_dict_path) {
  std::vector<Candidate> candidates = find_candidates(checkpoint);
  std::optional<OpenedGenerator> opened;
  std::size_t chosen =
      state_dict_path ? place_of(candidates, checkpoint, *state_dict_path) : std::size_t{0};
  std::vector<std::string> passed_over;
  while (!opened) {
    try {
      opened = open_match(candidates[chosen].match, candidates[chosen].path);
    } catch (const Error& error) {
      if (state_dict_path || chosen + 1 == candidates.size()) throw;
      passed_over.push_back("Not taken: " + shown(candidates[chosen].path) + ", because " +
                            error.what());
      ++chosen;
    }
  }
  opened->notes.insert(opened->notes.end(), passed_over.begin(), passed_over.end());
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (i != chosen) opened->other_choices.push_back(candidates[i].path);
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
    stack.layers.emplace_back(ActivationLayer{Activation::Relu, {}, {}});
  }
  stack.layers.emplace_back(ActivationLayer{Activation::Tanh, {}, {}});
  return stack;
}

void store_statistics(const LayerStack& stack, TensorTable& tensors) {
  std::size_t i = 0;
  for (const Layer& layer : stack.layers) {
    const auto* norm = std::get_if<BatchNormLayer>(&layer);
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
