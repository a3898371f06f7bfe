#include "checkpoint/generator/chain_refusal.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace facemorph {
namespace {

constexpr const char* kChoose = " Choose the generator's file, often called netG.pth.";
constexpr const char* kAsProgram =
    " Facemorph opens chains of layers from a latent to a picture; others it runs as TorchScript: "
    "torch.jit.trace(netG.eval(), z).save(\"netG.pt\")";

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool any_named(const std::vector<const WeightTensor*>& weights, const auto& words) {
  return std::ranges::any_of(weights, [&](const WeightTensor* weight) {
    const std::string name = lower(weight->name);
    return std::ranges::any_of(
        words, [&](std::string_view word) { return name.find(word) != std::string::npos; });
  });
}

bool takes_pictures(const WeightTensor& conv) {
  return (conv.shape[1] == 1 || conv.shape[1] == 3) && conv.shape[0] > 3;
}
bool gives_pictures(const WeightTensor& conv) {
  const auto image = [](std::int64_t channels) { return channels == 1 || channels == 3; };
  return (image(conv.shape[1]) && conv.shape[0] > 4) || (image(conv.shape[0]) && conv.shape[1] > 4);
}

/// Convolutions [out, in, k, k] from an image's channels upwards, to few values.
bool is_discriminator(const std::vector<const WeightTensor*>& convs,
                      const std::vector<const WeightTensor*>& matrices) {
  if (convs.empty() || !takes_pictures(*convs.front())) return false;
  for (std::size_t i = 1; i < convs.size(); ++i)
    if (convs[i]->shape[1] != convs[i - 1]->shape[0]) return false;
  return convs.size() >= 2 || (!matrices.empty() && matrices.back()->shape[0] <= 11);
}

/// Fully connected from a picture's values to one.
bool is_flat_discriminator(const std::vector<const WeightTensor*>& matrices) {
  return matrices.size() >= 2 && matrices.back()->shape[0] == 1 &&
         matrices.front()->shape[1] > matrices.back()->shape[1];
}

struct Kinds {
  std::vector<const WeightTensor*> convs;
  std::vector<const WeightTensor*> matrices;
};

Kinds kinds_of(const std::vector<const WeightTensor*>& weights) {
  Kinds kinds;
  for (const WeightTensor* weight : weights)
    (weight->is_matrix() ? kinds.matrices : kinds.convs).push_back(weight);
  return kinds;
}

}  // namespace

void refuse_other_networks(const std::vector<const WeightTensor*>& weights) {
  static constexpr std::array<std::string_view, 5> kAutoencoder = {"encoder", "fc_mu", "logvar",
                                                                   "log_var", "fc_var"};
  if (any_named(weights, kAutoencoder))
    throw Error(
        "this is an autoencoder (VAE), which makes pictures from pictures, or has one in "
        "it." +
        std::string(kAsProgram));
  const Kinds kinds = kinds_of(weights);
  if (kinds.convs.size() >= 2 && takes_pictures(*kinds.convs.front()) &&
      gives_pictures(*kinds.convs.back()) &&
      (kinds.convs.back()->shape[0] == 3 || !is_discriminator(kinds.convs, kinds.matrices)))
    throw Error(
        "this is an image-to-image network: it makes pictures from pictures, not from a latent." +
        std::string(kChoose));
}

void refuse_unchained(const std::vector<const WeightTensor*>& weights) {
  const auto [convs, matrices] = kinds_of(weights);
  if (is_discriminator(convs, matrices) || (convs.empty() && is_flat_discriminator(matrices)))
    throw Error("this is a discriminator, the network that judges pictures." +
                std::string(kChoose));
  std::string shapes;
  for (std::size_t i = 0; i < std::min<std::size_t>(weights.size(), 6); ++i)
    shapes += (i == 0 ? "" : ", ") + ("'" + printable(weights[i]->name) + "' ") +
              shape_text(weights[i]->shape);
  if (weights.size() > 6) shapes += " …";
  throw Error(
      "the layers of this network do not follow on from each other, from a latent to a "
      "picture of 1 or 3 channels: " +
      shapes + "." + kAsProgram);
}

}  // namespace facemorph
