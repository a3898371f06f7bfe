#include "checkpoint/tutorial_match.hpp"

#include "base/error.hpp"
#include "checkpoint/named_layers.hpp"
#include "checkpoint/names.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace facemorph {
namespace {

constexpr const char* kOpens =
    " Facemorph opens generators with the layers of the PyTorch DCGAN tutorial: 4x4 transposed "
    "convolutions without bias, each but the last followed by batch norm.";
constexpr const char* kChoose = " Choose the generator's file, often called netG.pth.";
constexpr std::size_t kMostConvolutions = 9;  // 1024 pixels
constexpr std::int64_t kMostLatent = 4096;
constexpr int kMostNesting = 4;
constexpr std::array<std::string_view, 4> kNormLeaves = {"weight", "bias", "running_mean",
                                                         "running_var"};

struct Chain {
  std::vector<const NamedLayer*> convs;
  std::vector<const NamedLayer*> norms;
};

std::string quoted(const NamedLayer& layer) {
  return "'" + printable(layer.name) + "'";
}

bool is_float(const Tensor& tensor) {
  return tensor.dtype == DType::Float16 || tensor.dtype == DType::BFloat16 ||
         tensor.dtype == DType::Float32 || tensor.dtype == DType::Float64;
}

/// A discriminator's convolutions are [out, in, k, k], from an image's channels upwards.
bool is_discriminator(const std::vector<const Tensor*>& convs) {
  if (convs.size() < 2) return false;
  const auto& first = convs.front()->shape;
  if ((first[1] != 1 && first[1] != 3) || first[0] <= 3) return false;
  for (std::size_t i = 1; i < convs.size(); ++i)
    if (convs[i]->shape[1] != convs[i - 1]->shape[0]) return false;
  return true;
}

void refuse_other_networks(const std::vector<NamedLayer>& layers) {
  std::vector<const Tensor*> convs;
  bool any_matrix = false;
  for (const NamedLayer& layer : layers)
    for (const auto& [leaf, tensor] : layer.leaves) {
      if (!leaf.starts_with("weight")) continue;  // also weight_orig of spectral norm
      if (tensor->shape.size() == 4) convs.push_back(tensor);
      any_matrix = any_matrix || tensor->shape.size() == 2;
    }
  if (is_discriminator(convs))
    throw Error("this is a discriminator, the network that judges pictures." +
                std::string(kChoose));
  if (convs.empty() && !any_matrix)
    throw Error("there are tensors in this file, but no layers of a network." +
                std::string(kChoose));
  if (convs.empty()) throw Error("this network has no convolutions." + std::string(kOpens));
}

void check_convolution(const NamedLayer& layer) {
  const Tensor& weight = *layer.find("weight");
  const std::string side = std::to_string(weight.shape[2]) + "x" + std::to_string(weight.shape[3]);
  if (weight.shape[2] != 4 || weight.shape[3] != 4)
    throw Error(quoted(layer) + " has a " + side + " kernel, which Facemorph does not open yet." +
                kOpens);
  if (layer.find("bias") != nullptr)
    throw Error(quoted(layer) +
                " is a convolution with a bias, which Facemorph does not open yet." + kOpens);
  if (layer.leaves.size() > 1)
    throw Error(quoted(layer) + " is a convolution with '" + printable(layer.leaves.back().first) +
                "' (spectral or weight norm?), which Facemorph does not open yet." + kOpens);
}

void check_norm(const NamedLayer& layer) {
  if (layer.find("bias") == nullptr)
    throw Error(quoted(layer) + " has a scale but no bias, so it is not a batch norm." + kOpens);
  if (layer.find("running_mean") == nullptr || layer.find("running_var") == nullptr)
    throw Error(quoted(layer) +
                " has no running statistics (an instance norm?), which Facemorph does not open "
                "yet." +
                kOpens);
}

Chain sort_layers(const std::vector<NamedLayer>& layers) {
  Chain chain;
  for (const NamedLayer& layer : layers) {
    const Tensor* weight = layer.find("weight");
    if (weight != nullptr && !is_float(*weight))
      throw Error(quoted(layer) + " has weights of the type " +
                  std::string(dtype_name(weight->dtype)) +
                  ". Save the network as float32 or float16.");
    if (weight != nullptr && weight->shape.size() == 4) {
      check_convolution(layer);
      chain.convs.push_back(&layer);
    } else if (weight != nullptr && weight->shape.size() == 1) {
      check_norm(layer);
      chain.norms.push_back(&layer);
    } else if (weight != nullptr && weight->shape.size() == 2) {
      throw Error(quoted(layer) +
                  " is a fully connected layer or an embedding, which Facemorph does not open "
                  "yet." +
                  kOpens);
    } else {
      throw Error(quoted(layer) + " with '" + printable(layer.leaves.front().first) + "' " +
                  shape_text(layer.leaves.front().second->shape) +
                  " is of a kind that Facemorph does not open yet." + kOpens);
    }
  }
  return chain;
}

void check_norm_sizes(const NamedLayer& norm, std::int64_t width) {
  for (const std::string_view leaf : kNormLeaves) {
    if (norm.shape(leaf) != std::vector<std::int64_t>{width})
      throw Error("'" + printable(norm.name) + "." + std::string(leaf) + "' has the shape " +
                  shape_text(norm.shape(leaf)) + ", but its layer has " + std::to_string(width) +
                  " channels." + kOpens);
    if (!is_float(*norm.find(leaf)))
      throw Error("'" + printable(norm.name) + "." + std::string(leaf) + "' has the type " +
                  std::string(dtype_name(norm.find(leaf)->dtype)) +
                  ". Save the network as float32 or float16.");
  }
}

void check_ends(const Chain& chain) {
  const std::int64_t nz = chain.convs.front()->shape("weight")[0];
  if (nz < 1 || nz > kMostLatent)
    throw Error("this network takes a latent of " + std::to_string(nz) +
                " values; Facemorph opens 1 to 4096.");
  const std::int64_t channels = chain.convs.back()->shape("weight")[1];
  if (channels != 1 && channels != 3)
    throw Error("this network makes pictures of " + std::to_string(channels) +
                " channels; Facemorph shows grey (1) and colour (3).");
}

void check_chain(const Chain& chain) {
  if (chain.convs.size() < 2 || chain.norms.size() + 1 != chain.convs.size())
    throw Error("this network has " + std::to_string(chain.convs.size()) + " convolutions and " +
                std::to_string(chain.norms.size()) + " batch norms." + kOpens);
  if (chain.convs.size() > kMostConvolutions)
    throw Error(
        "this network would make pictures larger than 1024 pixels, which Facemorph does "
        "not open.");
  for (std::size_t i = 0; i < chain.norms.size(); ++i) {
    const std::int64_t out = chain.convs[i]->shape("weight")[1];
    const std::int64_t next_in = chain.convs[i + 1]->shape("weight")[0];
    if (out < 1) throw Error(quoted(*chain.convs[i]) + " has no channels." + kOpens);
    if (out != next_in)
      throw Error(quoted(*chain.convs[i]) + " gives " + std::to_string(out) + " channels, but " +
                  quoted(*chain.convs[i + 1]) + " takes " + std::to_string(next_in) + "." + kOpens);
    check_norm_sizes(*chain.norms[i], out);
  }
  check_ends(chain);
}

/// The tutorial halves its channels at every stage; others may not, and run all the same.
void note_widths(const Chain& chain, std::vector<std::string>& notes) {
  for (std::size_t i = 1; i + 1 < chain.convs.size(); ++i) {
    const auto& shape = chain.convs[i]->shape("weight");
    if (shape[0] == 2 * shape[1]) continue;
    notes.emplace_back(
        "The layers' widths do not halve as the tutorial's do; ngf is the last "
        "one's.");
    return;
  }
}

void rename(const Chain& chain, TutorialMatch& match) {
  bool renamed = false;
  const auto put = [&](const NamedLayer& layer, std::string_view leaf, std::size_t index) {
    const Tensor* tensor = layer.find(leaf);
    if (tensor == nullptr) return;  // num_batches_tracked may be missing
    const std::string name = "main." + std::to_string(index);
    renamed = renamed || layer.name != name;
    match.tensors.set(name + "." + std::string(leaf), *tensor);
  };
  for (std::size_t i = 0; i < chain.convs.size(); ++i) {
    put(*chain.convs[i], "weight", 3 * i);
    if (i == chain.norms.size()) break;
    for (const std::string_view leaf : kNormLeaves)
      put(*chain.norms[i], leaf, 3 * i + 1);
    put(*chain.norms[i], "num_batches_tracked", 3 * i + 1);
  }
  if (renamed)
    match.notes.push_back("The layers are named " + quoted(*chain.convs.front()) +
                          " and so on; by their shapes they are the tutorial's.");
}

TutorialMatch match_whole(const TensorView& tensors) {
  const std::vector<NamedLayer> layers = layers_of(tensors);
  refuse_other_networks(layers);
  const Chain chain = sort_layers(layers);
  check_chain(chain);
  TutorialMatch match;
  rename(chain, match);
  note_widths(chain, match.notes);
  const auto& first = chain.convs.front()->shape("weight");
  const auto& last = chain.convs.back()->shape("weight");
  match.arch = {static_cast<int>(first[0]), static_cast<int>(last[0]), static_cast<int>(last[1]),
                4 << (chain.convs.size() - 1)};
  return match;
}

using Parts = std::map<std::string, TensorView>;

/// Parts by the first word of the name, for tables that hold several networks side by side.
Parts split(const TensorView& tensors) {
  Parts parts;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t dot = name.find('.');
    const std::string part = dot == std::string::npos ? std::string() : name.substr(0, dot);
    parts[part].emplace_back(without_wrappers(name.substr(dot + 1)), tensor);
  }
  return parts;
}

bool is_network(const TensorView& tensors) {
  return std::ranges::count_if(
             tensors, [](const auto& entry) { return entry.second->shape.size() == 4; }) > 1;
}

/// Whether a part may stand alone: leaving out tensors that belong to it would give wrong pictures.
bool stands_alone(const Parts& parts, const std::string& name) {
  if (generator_rank(name) <= 1) return true;
  return std::ranges::all_of(
      parts, [&](const auto& part) { return part.first == name || is_network(part.second); });
}

void match_parts(const TensorView& tensors, const std::string& prefix, int depth,
                 std::vector<TutorialMatch>& found) {
  const Parts parts = split(tensors);
  for (const auto& [name, part] : parts) {
    if (name.empty() || depth >= kMostNesting || !stands_alone(parts, name)) continue;
    std::string path = prefix;
    if (!path.empty()) path += ".";
    path += name;
    try {
      TutorialMatch match = match_whole(part);
      match.prefix = path;
      if (parts.size() > 1)
        match.notes.push_back("The file holds several networks side by side; this is '" +
                              printable(path) + "'.");
      found.push_back(std::move(match));
    } catch (const Error&) {
      match_parts(part, path, depth + 1, found);
    }
  }
}

}  // namespace

std::vector<TutorialMatch> match_tutorial(const TensorTable& tensors) {
  TensorView view;
  for (const auto& [name, tensor] : tensors.entries())
    view.emplace_back(name, &tensor);
  std::vector<TutorialMatch> found;
  try {
    found.push_back(match_whole(view));
  } catch (const Error&) {
    match_parts(view, "", 0, found);
    if (found.empty()) throw;
  }
  std::ranges::stable_sort(found, {},
                           [](const TutorialMatch& match) { return generator_rank(match.prefix); });
  return found;
}

}  // namespace facemorph
