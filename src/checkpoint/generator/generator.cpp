#include "checkpoint/generator/generator.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"
#include "checkpoint/generator/network_split.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

bool all_finite(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float v) { return std::isfinite(v); });
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
  DraftedPart part;
};

std::string join(const std::string& path, const std::string& prefix) {
  return path.empty() || prefix.empty() ? path + prefix : path + "." + prefix;
}

struct Candidates {
  std::vector<Candidate> found;                               ///< the likeliest first
  std::vector<std::pair<std::string, std::string>> failures;  ///< state dicts, and why
};

/// Every generator of the file. Throws the most telling reason when there is none: that of the
/// largest table.
Candidates find_candidates(const Checkpoint& checkpoint) {
  Candidates result;
  std::vector<Candidate>& candidates = result.found;
  std::string problem = "there are no weights in this file.";
  std::size_t largest = 0;
  for (const StateDict& state_dict : checkpoint.state_dicts) {
    try {
      for (DraftedPart& part : draft_generators(state_dict.tensors, state_dict.modules)) {
        std::string path = join(state_dict.path, part.path);
        candidates.push_back({std::move(path), std::move(part)});
      }
    } catch (const Error& error) {
      result.failures.emplace_back(state_dict.path, error.what());
      if (state_dict.tensors.size() <= largest) continue;
      largest = state_dict.tensors.size();
      problem = error.what();
    }
  }
  if (candidates.empty()) throw Error(problem);
  std::ranges::stable_sort(candidates, {},
                           [](const Candidate& c) { return generator_rank(c.path); });
  return result;
}

/// The tensors of a tutorial generator under the tutorial's names, in the file's own types where
/// they stand in it as they are.
TensorTable tutorial_names(const OpenedGenerator& opened) {
  TensorTable result;
  visit_tutorial(opened.stack, [&](const std::string& key, const auto& values, const auto& shape) {
    const std::string module = key.substr(0, key.rfind('.'));
    const std::string leaf = key.substr(key.rfind('.'));
    const std::size_t number = std::stoul(module.substr(module.find('.') + 1));
    const ChainLayer& layer = opened.draft.chain.layers[number / 3];
    const Tensor* as_is =
        opened.source->find((number % 3 == 0 ? layer.weight.name : layer.norm->name) + leaf);
    result.set(key,
               as_is != nullptr && as_is->shape == shape ? *as_is : from_floats(values, shape));
    if (leaf != ".running_var") return;
    if (const Tensor* count = opened.source->find(layer.norm->name + ".num_batches_tracked"))
      result.set(module + ".num_batches_tracked", *count);
  });
  return result;
}

void rebuild(OpenedGenerator& opened) {
  opened.stack = build_stack(opened.draft, opened.assumptions);
  const auto arch = tutorial_arch(opened.stack);
  opened.arch = arch.value_or(
      GeneratorArch{opened.stack.nz, 0, opened.stack.channels, opened.stack.image_size});
  opened.tensors = !arch                 ? TensorTable{}
                   : opened.draft.stated ? tutorial_tensors(opened.stack)
                                         : tutorial_names(opened);
}

OpenedGenerator open_candidate(const Candidate& candidate) {
  OpenedGenerator opened;
  opened.draft = candidate.part.draft;
  auto source = std::make_shared<TensorTable>();
  for (const auto& [name, tensor] : candidate.part.tensors)
    source->set(name, *tensor);
  opened.source = std::move(source);
  opened.state_dict_path = candidate.path;
  if (candidate.part.one_of_several)
    opened.notes.push_back("The file holds several networks side by side; this is '" +
                           printable(candidate.path) + "'.");
  for (const Choice& choice : opened.draft.choices)
    opened.assumptions[choice.key] = choice.options.front();
  rebuild(opened);
  note_statistics(opened.stack, opened.notes);
  return opened;
}

/// The generator of a file that says its layers. ONNX has no word for which latents they want, so
/// that our own has them made by its layers.
OpenedGenerator stated_generator(const Checkpoint& checkpoint) {
  const auto producer = checkpoint.metadata.find("producer");
  const bool ours = producer != checkpoint.metadata.end() && producer->second == "facemorph";
  OpenedGenerator opened;
  opened.draft = stated_draft(*checkpoint.stack, ours || checkpoint.container != Container::Onnx);
  for (const Choice& choice : opened.draft.choices)
    opened.assumptions[choice.key] = choice.options.front();
  rebuild(opened);
  return opened;
}

/// Where the asked-for generator stands. Throws Error that says why it cannot be had.
std::size_t place_of(const std::vector<Candidate>& candidates, const Checkpoint& checkpoint,
                     const std::string& path) {
  const auto found = std::ranges::find(candidates, path, &Candidate::path);
  if (found != candidates.end()) return static_cast<std::size_t>(found - candidates.begin());
  for (const StateDict& state_dict : checkpoint.state_dicts)
    if (state_dict.path == path) draft_generators(state_dict.tensors);  // throws what is wrong
  std::string names;
  for (const Candidate& candidate : candidates)
    names += (names.empty() ? "" : ", ") + shown(candidate.path);
  throw Error("the file has no generator named '" + printable(path) + "'. It has: " + names + ".");
}

}  // namespace

OpenedGenerator open_generator(const Checkpoint& checkpoint,
                               const std::optional<std::string>& state_dict_path) {
  if (checkpoint.stack) return stated_generator(checkpoint);
  const auto [candidates, failures] = find_candidates(checkpoint);
  const std::size_t chosen =
      state_dict_path ? place_of(candidates, checkpoint, *state_dict_path) : std::size_t{0};
  OpenedGenerator opened = open_candidate(candidates[chosen]);
  for (const auto& [path, reason] : failures)
    if (!state_dict_path && generator_rank(path) < generator_rank(candidates[chosen].path))
      opened.notes.push_back("Not taken: " + shown(path) + ", because " + reason);
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (i != chosen) opened.other_choices.push_back(candidates[i].path);
  return opened;
}

void assume(OpenedGenerator& generator, const Assumptions& assumptions) {
  Assumptions changed = generator.assumptions;
  for (const auto& [key, value] : assumptions)
    changed[key] = parse_option(generator.draft, key, value);
  const auto output = assumptions.find("output");
  if (output != assumptions.end() && !assumptions.contains("range"))
    changed["range"] = output->second == "sigmoid" ? "0..1" : "-1..1";
  generator.assumptions = std::move(changed);
  rebuild(generator);
}

void replace_statistics(OpenedGenerator& generator, const LayerStack& recalibrated) {
  auto layer = generator.draft.chain.layers.begin();
  const auto end = generator.draft.chain.layers.end();
  for (const Layer& made : recalibrated.layers) {
    const auto* norm = std::get_if<BatchNormLayer>(&made);
    if (norm == nullptr) continue;
    layer = std::find_if(layer, end, [](const ChainLayer& l) { return l.norm.has_value(); });
    if (layer == end) break;  // a stack that was not drafted
    if (layer->norm->has_statistics()) {
      layer->norm->running_mean = norm->running_mean;
      layer->norm->running_var = norm->running_var;
    }
    ++layer;
  }
  generator.stack = recalibrated;
  if (generator.is_tutorial()) store_statistics(recalibrated, generator.tensors);
}

std::string network_text(const OpenedGenerator& generator) {
  if (generator.is_tutorial()) return "DCGAN, ngf " + std::to_string(generator.arch.ngf);
  if (generator.draft.chain.layers.empty())
    return std::to_string(generator.stack.layers.size()) + " layers";
  return layers_text(generator.draft.chain);
}

double multiplications(const LayerStack& stack) {
  double side = 1;
  double sum = 0;
  for (const Layer& layer : stack.layers) {
    if (const auto* view = std::get_if<ReshapeLayer>(&layer)) side = view->height;
    if (const auto* up = std::get_if<UpsampleLayer>(&layer)) side *= up->factor;
    if (const auto* linear = std::get_if<LinearLayer>(&layer))
      sum += static_cast<double>(linear->weight.size());
    if (const auto* conv = std::get_if<ConvTranspose2dLayer>(&layer)) {
      sum += static_cast<double>(conv->weight.size()) * side * side;
      side = (side - 1) * conv->stride - 2 * conv->padding + conv->kernel + conv->output_padding;
    }
    if (const auto* conv = std::get_if<Conv2dLayer>(&layer))
      sum += static_cast<double>(conv->weight.size()) * side * side;
  }
  return sum;
}

std::int64_t parameter_count(const LayerStack& stack) {
  std::size_t count = 0;
  const auto add = [&](const auto&... parts) { count += (parts.size() + ...); };
  for (const Layer& layer : stack.layers)
    std::visit(
        [&](const auto& l) {
          if constexpr (requires { l.weight; })
            add(l.weight, l.bias);
          else if constexpr (requires { l.scale; })
            add(l.scale, l.shift);
          else if constexpr (requires { l.slopes; })
            add(l.slopes);
        },
        layer);
  return static_cast<std::int64_t>(count);
}

}  // namespace facemorph
