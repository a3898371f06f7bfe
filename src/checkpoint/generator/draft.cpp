#include "checkpoint/generator/draft.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/chain_refusal.hpp"
#include "checkpoint/generator/module_statements.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>

namespace facemorph {
namespace {

constexpr std::int64_t kMostLatent = 4096;
constexpr std::int64_t kMostClasses = 1000;

bool any_norm(const GeneratorChain& chain, bool with_statistics) {
  return std::ranges::any_of(chain.layers, [&](const ChainLayer& layer) {
    return layer.norm && layer.norm->has_statistics() == with_statistics;
  });
}

bool any_upsampling(const GeneratorDraft& draft) {
  return std::ranges::any_of(draft.geometries, [](const Geometry& geometry) {
    return std::ranges::any_of(geometry.layers,
                               [](const LayerGeometry& layer) { return layer.upsample > 1; });
  });
}

/// Without any norm, 3x3 convolutions and a last one of 1x1: as in progressive growing (Karras et
/// al. 2018), with pixel norm.
bool looks_progressive(const GeneratorChain& chain) {
  return !any_norm(chain, true) && !any_norm(chain, false) && chain.layers.size() > 3 &&
         chain.layers.back().kind == LayerKind::Conv2d && chain.layers.back().weight.kernel() == 1;
}

/// Group norms of 32, 16 … that fit every layer. Names break the tie between kinds that look alike:
/// "bn1", "in1".
std::vector<std::string> norm_kinds(const GeneratorChain& chain) {
  const bool named_batch = std::ranges::any_of(chain.layers, [](const ChainLayer& layer) {
    return layer.norm &&
           (contains_word(layer.norm->name, "bn") || contains_word(layer.norm->name, "batch"));
  });
  std::vector<std::string> kinds = {"instance", "batch"};
  if (named_batch) std::swap(kinds[0], kinds[1]);
  for (const int groups : {32, 16, 8, 4, 2, 1})
    if (std::ranges::all_of(chain.layers, [&](const ChainLayer& layer) {
          return !layer.norm || layer.norm->has_statistics() || layer.norm->width % groups == 0;
        }))
      kinds.push_back("group_" + std::to_string(groups));
  return kinds;
}

void add_geometry_choices(GeneratorDraft& draft) {
  Choice geometry{"geometry", "Strides and paddings", {}};
  for (const Geometry& plan : draft.geometries)
    geometry.options.push_back(geometry_text(draft.chain, plan));
  if (draft.chain.layers.back().kind != LayerKind::Linear) draft.choices.push_back(geometry);
  if (any_upsampling(draft))
    draft.choices.push_back(
        {"upsampling", "Enlarging", {"nearest", "bilinear", "bilinear_aligned"}});
}

/// Plain DCGANs have ReLU; convolutions after enlargements, networks of matrices and those without
/// norms mostly LeakyReLU.
std::vector<std::string> activation_options(const GeneratorChain& chain) {
  std::vector<std::string> options = {"relu",
                                      "leaky_relu_0.2",
                                      "leaky_relu_0.01",
                                      "leaky_relu_0.1",
                                      "leaky_relu_0.3",
                                      "elu",
                                      "selu",
                                      "gelu",
                                      "silu",
                                      "softplus",
                                      "tanh",
                                      "sigmoid",
                                      "none"};
  const bool leaky =
      looks_progressive(chain) || std::ranges::all_of(chain.layers, [](const ChainLayer& layer) {
        return layer.kind != LayerKind::ConvTranspose2d;
      });
  if (leaky) std::swap(options[0], options[1]);
  return options;
}

void add_layer_choices(GeneratorDraft& draft) {
  const GeneratorChain& chain = draft.chain;
  if (chain.layers.size() > 1) {
    const bool slopes = std::ranges::any_of(
        chain.layers, [](const ChainLayer& layer) { return !layer.slopes.empty(); });
    if (!slopes)
      draft.choices.push_back({"activation", "Hidden activation", activation_options(chain)});
    draft.choices.push_back({"first_activation", "After the first layer", {"same", "none"}});
  }
  const bool with = any_norm(chain, true);
  const bool without = any_norm(chain, false);
  if (with || without)
    draft.choices.push_back({"order", "Norm and activation", {"norm_first", "activation_first"}});
  if (with)
    draft.choices.push_back(
        {"epsilon", "Batch norm's epsilon", {"1e-05", "0.8", "0.8_later", "0.001"}});
  if (without) draft.choices.push_back({"norm", "Kind of norm", norm_kinds(chain)});
  if (!with && !without && chain.layers.size() > 1)
    draft.choices.push_back({"norm", "Norms without weights",
                             looks_progressive(chain)
                                 ? std::vector<std::string>{"pixel", "none", "instance"}
                                 : std::vector<std::string>{"none", "pixel", "instance"}});
}

/// The course that many begin with has a sigmoid behind its matrices "gen.0.0", "gen.1.0" …
bool named_as_in_coursera(const GeneratorChain& chain) {
  return std::ranges::all_of(chain.layers, [](const ChainLayer& layer) {
    return layer.kind == LayerKind::Linear && layer.weight.name.find("gen.") != std::string::npos;
  });
}

Choice latent_choice() {
  return {"latent", "Latent distribution", {"normal", "uniform", "sphere"}};
}

void add_end_choices(GeneratorDraft& draft) {
  Choice output{"output", "Output", {"tanh", "sigmoid", "none"}};
  Choice range{"range", "Range of the picture", {"-1..1", "0..1", "0..255"}};
  if (named_as_in_coursera(draft.chain)) {
    std::swap(output.options[0], output.options[1]);
    std::swap(range.options[0], range.options[1]);
  }
  draft.choices.push_back(output);
  draft.choices.push_back(range);
  draft.choices.push_back(latent_choice());
}

void add_class_choices(GeneratorDraft& draft) {
  if (!draft.chain.embedding) return;
  const auto& shape = draft.chain.embedding->shape;
  if (shape[0] > kMostClasses)
    throw Error("'" + printable(draft.chain.embedding->name) + "' is an embedding of " +
                std::to_string(shape[0]) + " classes; Facemorph opens up to 1,000.");
  Choice classes{"class", "Class", {}};
  for (std::int64_t i = 0; i < shape[0]; ++i)
    classes.options.push_back(std::to_string(i));
  draft.choices.push_back(classes);
  const bool multiplies = shape[1] == draft.chain.layers.front().in;
  draft.choices.push_back({"conditioning", "How the class enters",
                           multiplies ? std::vector<std::string>{"multiply"}
                                      : std::vector<std::string>{"prepend", "append"}});
}

void check_ends(const GeneratorChain& chain) {
  const int nz = chain.layers.front().in;
  if (nz < 1 || nz > kMostLatent)
    throw Error("this network takes a latent of " + std::to_string(nz) +
                " values; Facemorph opens 1 to 4096.");
}

}  // namespace

const Choice* GeneratorDraft::find(std::string_view key) const {
  const auto found = std::ranges::find(choices, key, &Choice::key);
  return found == choices.end() ? nullptr : &*found;
}

/// Its styles scale the channels of convolutions that do not follow each other.
void refuse_style_gan(const TensorView& tensors) {
  for (const auto& [name, tensor] : tensors)
    if (contains_word(name, "modulation") || name.find("mapping.fc") != std::string::npos ||
        name.find("style_mod") != std::string::npos)
      throw Error(kStyleGan);
}

GeneratorDraft stated_draft(const LayerStack& stack, bool says_latent) {
  GeneratorDraft draft;
  draft.stated = stack;
  const bool maps_it =
      !stack.layers.empty() && std::holds_alternative<LatentLayer>(stack.layers.front());
  if (!says_latent && !maps_it) draft.choices.push_back(latent_choice());
  return draft;
}

GeneratorDraft draft_generator(const TensorView& tensors, const ModuleRecords& modules) {
  refuse_style_gan(tensors);
  GeneratorDraft draft;
  draft.chain = chain_layers(network_parts(tensors));
  check_ends(draft.chain);
  state_convolutions(draft.chain, modules);
  draft.geometries = plausible_geometries(draft.chain);
  add_geometry_choices(draft);
  add_layer_choices(draft);
  add_end_choices(draft);
  add_class_choices(draft);
  state_choices(draft, modules);
  return draft;
}

std::string parse_option(const GeneratorDraft& draft, const std::string& key,
                         const std::string& value) {
  const Choice* choice = draft.find(key);
  const auto listed = [](const auto& items, auto name) {
    std::string text;
    for (const auto& item : items)
      text += (text.empty() ? "" : ", ") + name(item);
    return text;
  };
  if (choice == nullptr)
    throw UsageError("'" + printable(key) +
                     "' is nothing that this model leaves open. It is one of: " +
                     listed(draft.choices, [](const Choice& c) { return c.key; }) + ".");
  for (const std::string& option : choice->options)
    if (option == value || (key == "geometry" && option.ends_with("(" + value + " px)")))
      return option;
  throw UsageError("'" + printable(value) + "' is not a value of " + key + ". It is one of: " +
                   listed(choice->options, [](const std::string& o) { return o; }) + ".");
}

}  // namespace facemorph
