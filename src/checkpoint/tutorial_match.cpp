#include "checkpoint/tutorial_match.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <map>

namespace facemorph {
namespace {

/// The tensors of one layer: "main.3.weight" is leaf "weight" of layer "main.3".
struct NamedLayer {
  std::string name;
  std::vector<std::pair<std::string, const Tensor*>> leaves;

  const Tensor* find(std::string_view leaf) const {
    for (const auto& [key, tensor] : leaves)
      if (key == leaf) return tensor;
    return nullptr;
  }
};

constexpr const char* kOpens =
    " Facemorph opens generators with the layers of the PyTorch DCGAN tutorial: 4x4 transposed "
    "convolutions without bias, "
    "each but the last followed by batch norm.";

std::vector<NamedLayer> layers_of(const TensorTable& tensors) {
  std::vector<NamedLayer> layers;
  for (const auto& [name, tensor] : tensors.entries()) {
    const std::size_t dot = name.rfind('.');
    const std::string layer = dot == std::string::npos ? std::string() : name.substr(0, dot);
    const std::string leaf = dot == std::string::npos ? name : name.substr(dot + 1);
    auto found = std::ranges::find(layers, layer, &NamedLayer::name);
    if (found == layers.end()) found = layers.insert(layers.end(), {layer, {}});
    found->leaves.emplace_back(leaf, &tensor);
  }
  return layers;
}

/// A discriminator's convolutions are [out, in, k, k]: from an image's channels to one number.
bool is_discriminator(const std::vector<const Tensor*>& convs) {
  if (convs.empty()) return false;
  const auto& first = convs.front()->shape;
  const auto& last = convs.back()->shape;
  return (first[1] == 1 || first[1] == 3) && first[0] > 3 && last[0] == 1 && last[1] > 3;
}

void refuse_other_networks(const std::vector<NamedLayer>& layers) {
  std::vector<const Tensor*> convs;
  bool any_matrix = false;
  for (const NamedLayer& layer : layers)
    for (const auto& [leaf, tensor] : layer.leaves) {
      if (tensor->shape.size() == 4) convs.push_back(tensor);
      any_matrix = any_matrix || tensor->shape.size() == 2;
    }
  if (is_discriminator(convs))
    throw Error(
        "this is a discriminator, the network that judges pictures. Choose the generator's file, "
        "often called netG.pth.");
  if (convs.empty() && !any_matrix)
    throw Error(
        "there are tensors in this file, but no layers of a network. Choose the generator's file, "
        "often called netG.pth.");
  if (convs.empty()) throw Error("this network has no convolutions." + std::string(kOpens));
}

struct Chain {
  std::vector<const NamedLayer*> convs;
  std::vector<const NamedLayer*> norms;
};

Chain sort_layers(const std::vector<NamedLayer>& layers) {
  Chain chain;
  for (const NamedLayer& layer : layers) {
    const Tensor* weight = layer.find("weight");
    if (weight != nullptr && weight->shape.size() == 4) {
      if (layer.leaves.size() > 1)
        throw Error("the layer '" + layer.name +
                    "' has more than a weight (a bias?), which Facemorph does not open." + kOpens);
      if (weight->shape[2] != 4 || weight->shape[3] != 4)
        throw Error("the layer '" + layer.name + "' has a kernel of " +
                    std::to_string(weight->shape[2]) + "x" + std::to_string(weight->shape[3]) +
                    "." + kOpens);
      chain.convs.push_back(&layer);
    } else if (weight != nullptr && weight->shape.size() == 1) {
      if (layer.find("bias") == nullptr)
        throw Error("the layer '" + layer.name + "' is not a batch norm (it has no bias)." +
                    kOpens);
      if (layer.find("running_mean") == nullptr || layer.find("running_var") == nullptr)
        throw Error("the batch norm '" + layer.name +
                    "' has no running statistics, so Facemorph cannot run it in eval mode." +
                    kOpens);
      chain.norms.push_back(&layer);
    } else {
      throw Error("the layer '" + layer.name + "' is of a kind that Facemorph does not open." +
                  kOpens);
    }
  }
  return chain;
}

void check_chain(const Chain& chain) {
  if (chain.convs.size() < 2 || chain.norms.size() + 1 != chain.convs.size())
    throw Error("this network has " + std::to_string(chain.convs.size()) + " convolutions and " +
                std::to_string(chain.norms.size()) + " batch norms." + kOpens);
  if (chain.convs.size() > 9)
    throw Error(
        "this network would make pictures larger than 1024 pixels, which Facemorph does not open.");
  for (std::size_t i = 0; i < chain.norms.size(); ++i) {
    const std::int64_t out = chain.convs[i]->find("weight")->shape[1];
    const std::int64_t next_in = chain.convs[i + 1]->find("weight")->shape[0];
    if (out != next_in)
      throw Error("the layer '" + chain.convs[i]->name + "' gives " + std::to_string(out) +
                  " channels, but '" + chain.convs[i + 1]->name + "' takes " +
                  std::to_string(next_in) + "." + kOpens);
    for (const char* leaf : {"weight", "bias", "running_mean", "running_var"})
      if (chain.norms[i]->find(leaf)->shape != std::vector<std::int64_t>{out})
        throw Error("'" + chain.norms[i]->name + "." + leaf + "' does not have the " +
                    std::to_string(out) + " values that its layer needs.");
  }
  const std::int64_t channels = chain.convs.back()->find("weight")->shape[1];
  if (channels != 1 && channels != 3)
    throw Error("this network makes pictures of " + std::to_string(channels) +
                " channels; Facemorph shows grey (1) and colour (3).");
}

/// Convolutions of a generator widen nothing; the tutorial halves its channels at every stage.
void note_widths(const Chain& chain, std::vector<std::string>& notes) {
  for (std::size_t i = 1; i + 1 < chain.convs.size(); ++i) {
    const auto& shape = chain.convs[i]->find("weight")->shape;
    if (shape[0] != 2 * shape[1]) {
      notes.emplace_back(
          "The layers' widths do not halve as the tutorial's do; ngf is the last one's.");
      return;
    }
  }
}

TutorialMatch rename(const Chain& chain) {
  TutorialMatch match;
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
    for (const char* leaf :
         {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"})
      put(*chain.norms[i], leaf, 3 * i + 1);
  }
  if (renamed)
    match.notes.push_back("Layers are named '" + chain.convs.front()->name +
                          "' and so on; read as the tutorial's by their shapes.");
  return match;
}

TutorialMatch match_whole(const TensorTable& tensors) {
  const std::vector<NamedLayer> layers = layers_of(tensors);
  refuse_other_networks(layers);
  const Chain chain = sort_layers(layers);
  check_chain(chain);
  TutorialMatch match = rename(chain);
  note_widths(chain, match.notes);
  const auto& first = chain.convs.front()->find("weight")->shape;
  const auto& last = chain.convs.back()->find("weight")->shape;
  if (first[0] < 1 || first[0] > 4096)
    throw Error("this network takes a latent of " + std::to_string(first[0]) +
                " values; Facemorph opens 1 to 4096.");
  match.arch = {static_cast<int>(first[0]), static_cast<int>(last[0]), static_cast<int>(last[1]),
                4 << (chain.convs.size() - 1)};
  return match;
}

/// Sub-tables by the first part of the name, for files that hold several networks side by side.
std::map<std::string, TensorTable> split(const TensorTable& tensors) {
  std::map<std::string, TensorTable> parts;
  for (const auto& [name, tensor] : tensors.entries()) {
    const std::size_t dot = name.find('.');
    if (dot != std::string::npos) parts[name.substr(0, dot)].set(name.substr(dot + 1), tensor);
  }
  return parts;
}

}  // namespace

TutorialMatch match_tutorial(const TensorTable& tensors) {
  try {
    return match_whole(tensors);
  } catch (const Error&) {
    const auto parts = split(tensors);
    if (parts.size() < 2) throw;
    for (const auto& [name, part] : parts) {
      try {
        TutorialMatch match = match_whole(part);
        match.notes.push_back("The file holds several networks side by side; '" + name +
                              "' is the generator.");
        return match;
      } catch (const Error&) {
        continue;
      }
    }
    throw;
  }
}

}  // namespace facemorph
