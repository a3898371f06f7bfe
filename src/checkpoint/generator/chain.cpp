#include "checkpoint/generator/chain.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/chain_norms.hpp"
#include "checkpoint/generator/chain_refusal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace facemorph {
namespace {

constexpr std::size_t kMostSteps = 20'000;
constexpr int kLargestStart = 64;  // side of the maps that the first layer's output is viewed as
constexpr int kLargestPicture = 1024;

struct Reading {
  LayerKind kind;
  int in;
  int out;
};

/// What a weight may be, the likelier first.
std::vector<Reading> readings_of(const WeightTensor& weight) {
  const int first = static_cast<int>(weight.shape[0]);
  const int second = static_cast<int>(weight.shape[1]);
  if (weight.is_matrix()) return {{LayerKind::Linear, second, first}};
  const Reading transposed{LayerKind::ConvTranspose2d, first, second};
  const Reading plain{LayerKind::Conv2d, second, first};
  if (!weight.bias.empty() && first != second) {
    const bool fits_plain = weight.bias.size() == static_cast<std::size_t>(first);
    return {fits_plain ? plain : transposed};
  }
  // Where both fit: an odd kernel keeps the size, as a convolution does; an even one doubles it.
  if (weight.kernel() % 2 == 1) return {plain, transposed};
  return {transposed, plain};
}

/// Finds the order of the layers by depth-first search, in the file's order where it can.
class Search {
 public:
  explicit Search(std::vector<const WeightTensor*> weights) : weights_(std::move(weights)) {
    for (const WeightTensor* weight : weights_)
      readings_.push_back(readings_of(*weight));
    used_.assign(weights_.size(), false);
  }

  std::vector<ChainLayer> run() {
    for (std::size_t i = 0; i < weights_.size(); ++i)
      for (const Reading& reading : beginnings(i))
        if (may_begin(i, reading) && take(i, reading)) return chain();
    return {};
  }

 private:
  struct Place {
    std::size_t index;
    Reading reading;
  };

  /// What spreads a single pixel is a transposed convolution, whatever its kernel.
  std::vector<Reading> beginnings(std::size_t i) const {
    std::vector<Reading> result = readings_[i];
    std::ranges::stable_sort(
        result, {}, [](const Reading& reading) { return reading.kind == LayerKind::Conv2d; });
    return result;
  }

  /// Pictures go into discriminators and image-to-image networks. A discriminator read backwards
  /// would begin with its one value.
  bool may_begin(std::size_t i, const Reading& reading) const {
    if (reading.in < 2 && i > 0) return false;
    return reading.kind != LayerKind::Conv2d || reading.in > 4 || weights_.size() == 1;
  }

  bool take(std::size_t index, const Reading& reading) {
    if (++steps_ > kMostSteps) return false;
    used_[index] = true;
    path_.push_back({index, reading});
    if (path_.size() == weights_.size() ? makes_pictures(index, reading) : go_on(index, reading))
      return true;
    path_.pop_back();
    used_[index] = false;
    return false;
  }

  bool go_on(std::size_t index, const Reading& reading) {
    for (std::size_t step = 1; step < weights_.size(); ++step) {
      const std::size_t next = (index + step) % weights_.size();
      if (used_[next]) continue;
      for (const Reading& other : readings_[next])
        if (passage(reading.kind, reading.out, other.kind, other.in) && is_alike(next, other) &&
            take(next, other))
          return true;
    }
    return false;
  }

  /// Layers with one even kernel are all of one kind: those of a discriminator, read backwards,
  /// would fit between those of its generator.
  bool is_alike(std::size_t index, const Reading& reading) const {
    const int kernel = weights_[index]->kernel();
    return kernel % 2 == 1 || std::ranges::all_of(path_, [&](const Place& place) {
             return weights_[place.index]->kernel() != kernel || place.reading.kind == reading.kind;
           });
  }

  bool makes_pictures(std::size_t index, const Reading& last) const {
    if (last.kind != LayerKind::Linear)
      return picture_planes(last.out).channels > 0 &&
             (picture_planes(last.out).shuffle == 1 || weights_[index]->kernel() % 2 == 1);
    return picture_side(last.out, 1) >= 8 || picture_side(last.out, 3) >= 8;
  }

  std::vector<ChainLayer> chain() const {
    std::vector<ChainLayer> layers;
    for (const Place& place : path_)
      layers.push_back({place.reading.kind,
                        place.reading.in,
                        place.reading.out,
                        *weights_[place.index],
                        {},
                        {},
                        {}});
    return layers;
  }

  std::vector<const WeightTensor*> weights_;
  std::vector<std::vector<Reading>> readings_;
  std::vector<bool> used_;
  std::vector<Place> path_;
  std::size_t steps_ = 0;
};

struct Found {
  std::vector<ChainLayer> layers;
  std::optional<WeightTensor> embedding;
};

/// Whether an embedding's rows fit the chain's input: multiplied with the latent, or beside it.
bool fits_input(const WeightTensor& embedding, const std::vector<ChainLayer>& layers) {
  return !layers.empty() && embedding.shape[1] <= layers.front().in;
}

/// A label's embedding is a matrix without bias beside the chain.
Found find_chain(const std::vector<const WeightTensor*>& weights) {
  if (std::vector<ChainLayer> layers = Search(weights).run(); !layers.empty())
    return {std::move(layers), {}};
  for (const WeightTensor* embedding : weights) {
    if (!embedding->is_matrix() || !embedding->bias.empty()) continue;
    std::vector<const WeightTensor*> others = weights;
    std::erase(others, embedding);
    if (std::vector<ChainLayer> layers = Search(others).run(); fits_input(*embedding, layers))
      return {std::move(layers), *embedding};
  }
  return {};
}

}  // namespace

PicturePlanes picture_planes(int out) {
  if (out == 1 || out == 3) return {out, 1};
  for (const int shuffle : {2, 3, 4})
    for (const int channels : {3, 1})
      if (out == channels * shuffle * shuffle) return {channels, shuffle};
  return {};
}

int picture_side(std::int64_t values, int channels) {
  if (values % channels != 0) return 0;
  const auto side =
      static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(values / channels))));
  return side * side * channels == values && side <= kLargestPicture ? static_cast<int>(side) : 0;
}

std::string layers_text(const GeneratorChain& chain) {
  const auto count = [&](auto is_one) { return std::ranges::count_if(chain.layers, is_one); };
  std::string text;
  const auto add = [&](std::ptrdiff_t number, const std::string& one, const std::string& many) {
    if (number == 0) return;
    text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + (number == 1 ? one : many);
  };
  const auto add_kind = [&](LayerKind kind, const std::string& name) {
    add(count([&](const ChainLayer& layer) { return layer.kind == kind; }), name, name + "s");
  };
  add_kind(LayerKind::Linear, "fully connected layer");
  add_kind(LayerKind::ConvTranspose2d, "transposed convolution");
  add_kind(LayerKind::Conv2d, "convolution");
  add(count([](const ChainLayer& layer) { return layer.norm.has_value(); }), "norm", "norms");
  if (chain.embedding) add(chain.embedding->shape[0], "class", "classes");
  return text;
}

std::optional<Passage> passage(LayerKind from, int out, LayerKind to, int in) {
  if (to == LayerKind::Linear)
    return from == LayerKind::Linear && out == in ? std::optional(Passage{}) : std::nullopt;
  if (from == LayerKind::Linear) {
    const int side = picture_side(out, in);
    return side >= 1 && side <= kLargestStart ? std::optional(Passage{side, 1}) : std::nullopt;
  }
  if (out == in) return Passage{};
  if (from != LayerKind::Conv2d) return std::nullopt;
  for (const int factor : {2, 3, 4})
    if (out == in * factor * factor) return Passage{0, factor};
  return std::nullopt;
}

GeneratorChain chain_layers(const std::vector<NetworkPart>& parts) {
  std::vector<const WeightTensor*> weights;
  for (const NetworkPart& part : parts)
    if (const auto* weight = std::get_if<WeightTensor>(&part)) weights.push_back(weight);
  refuse_other_networks(weights);
  Found found = find_chain(weights);
  if (found.layers.empty()) refuse_unchained(weights);
  GeneratorChain chain{std::move(found.layers), std::move(found.embedding), 0};
  const ChainLayer& last = chain.layers.back();
  chain.channels = last.kind != LayerKind::Linear   ? picture_planes(last.out).channels
                   : picture_side(last.out, 3) >= 8 ? 3
                                                    : 1;
  attach_norms(parts, chain);
  return chain;
}

}  // namespace facemorph
