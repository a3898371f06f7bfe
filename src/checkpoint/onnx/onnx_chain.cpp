#include "checkpoint/onnx/onnx_chain.hpp"

#include "base/error.hpp"

#include <utility>

namespace facemorph::onnx {

std::int64_t Feature::numel() const {
  std::int64_t count = 1;
  for (const std::int64_t side : dims)
    count *= side;
  return count;
}

Chain::Chain(int nz, std::int64_t batch_size, std::size_t float_budget)
    : batch(batch_size), shape_{nz, 1, 1, true}, float_budget_(float_budget) {
  stack.nz = nz;
}

void Chain::require_newest(const Feature& feature) const {
  if (feature.id != newest_)
    throw Error("takes the result of an earlier layer once more: the network branches there");
  if (feature.padding > 0) throw Error("is no convolution, but gets a padded picture");
}

void Chain::push(Layer layer, const Feature& input) {
  if (stack.layers.size() >= kMostLayers) throw Error("is one layer too many for a generator");
  const FeatureShape after = shape_after(layer, shape_);
  steps_.push_back({input, shape_});
  stack.layers.push_back(std::move(layer));
  shape_ = after;
}

void Chain::reshape(const Feature& feature) {
  require_newest(feature);
  const std::vector<std::int64_t>& dims = feature.dims;
  const bool map = dims.size() == 3;
  if (!map && dims.size() != 1) throw Error("gets neither vectors nor feature maps");
  const FeatureShape wanted{dims[0], map ? dims[1] : 1, map ? dims[2] : 1, map};
  // A vector and a map of single pixels are the same to every layer that takes vectors.
  const bool same = wanted.channels == shape_.channels && wanted.height == shape_.height &&
                    wanted.width == shape_.width && (shape_.is_map || !map);
  if (same) return;
  constexpr std::int64_t kMost = 1 << 24;
  if (wanted.channels > kMost || wanted.height > kMost || wanted.width > kMost)
    throw Error("has an impossible shape");
  push(ReshapeLayer{static_cast<int>(wanted.channels), static_cast<int>(wanted.height),
                    static_cast<int>(wanted.width)},
       feature);
}

Feature Chain::add(Layer layer, const Feature& input) {
  reshape(input);
  push(std::move(layer), input);
  newest_ = next_++;
  if (!shape_.is_map) return {newest_, {shape_.channels}};
  if (input.dims.size() == 1) return {newest_, {shape_.channels}};
  return {newest_, {shape_.channels, shape_.height, shape_.width}};
}

Feature Chain::add_elementwise(Layer layer, const Feature& input) {
  require_newest(input);
  push(std::move(layer), input);
  newest_ = next_++;
  return {newest_, input.dims};
}

Feature Chain::renewed(const Feature& feature) {
  require_newest(feature);
  newest_ = next_++;
  return {newest_, feature.dims};
}

Feature Chain::undo(std::size_t count, const Feature& last) {
  require_newest(last);
  if (count > steps_.size()) throw std::logic_error("there are not as many layers");
  Feature input = last;
  for (; count > 0; --count) {
    input = steps_.back().input;
    shape_ = steps_.back().shape;
    steps_.pop_back();
    stack.layers.pop_back();
  }
  newest_ = input.id;
  return input;
}

bool Chain::went_into(const Feature& feature, std::size_t from_end) const {
  if (steps_.size() <= from_end) return false;
  const Feature& input = steps_[steps_.size() - 1 - from_end].input;
  return input.id == feature.id && input.dims == feature.dims && feature.padding == 0;
}

std::vector<float> Chain::weights(const Constant& constant) {
  const auto count = static_cast<std::size_t>(constant.numel());
  if (count > float_budget_) throw Error("shares its weights with far too many others");
  float_budget_ -= count;
  return constant.floats();
}

const Feature& Call::feature(std::size_t i) const {
  if (i >= inputs.size() || inputs[i] == nullptr) throw Error("lacks an input");
  const auto* feature = std::get_if<Feature>(inputs[i]);
  if (feature == nullptr) throw Error("works on a constant");
  return *feature;
}

const Constant* Call::constant_or_none(std::size_t i) const {
  if (i >= inputs.size() || inputs[i] == nullptr) return nullptr;
  const auto* constant = std::get_if<Constant>(inputs[i]);
  if (constant == nullptr) throw Error("has weights or settings that depend on the latent");
  return constant;
}

const Constant& Call::constant(std::size_t i) const {
  const Constant* found = constant_or_none(i);
  if (found == nullptr) throw Error("lacks an input");
  return *found;
}

}  // namespace facemorph::onnx
