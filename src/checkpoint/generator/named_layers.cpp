#include "checkpoint/generator/named_layers.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>

namespace facemorph {
namespace {

struct NumberedName {
  std::string_view prefix;
  std::uint64_t number = 0;
};

/// "main.10" and "deconv10": a prefix that ends in no digit, then a number.
std::optional<NumberedName> numbered(std::string_view name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  const std::size_t start = last == std::string_view::npos ? 0 : last + 1;
  NumberedName result{name.substr(0, start), 0};
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + start, end, result.number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return result;
}

/// Sorts by number when every layer has the same prefix; other names tell nothing.
void sort_numbered(std::vector<NamedLayer>& layers) {
  for (const NamedLayer& layer : layers) {
    const auto name = numbered(layer.name);
    if (!name || name->prefix != numbered(layers.front().name)->prefix) return;
  }
  std::ranges::stable_sort(layers, {},
                           [](const NamedLayer& layer) { return numbered(layer.name)->number; });
}

}  // namespace

const Tensor* NamedLayer::find(std::string_view leaf) const {
  const auto found = std::ranges::find(leaves, leaf, &TensorView::value_type::first);
  return found == leaves.end() ? nullptr : found->second;
}

std::vector<NamedLayer> layers_of(const TensorView& tensors) {
  std::vector<NamedLayer> layers;
  std::map<std::string, std::size_t> places;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t dot = name.rfind('.');
    const std::string layer = dot == std::string::npos ? std::string() : name.substr(0, dot);
    const auto [place, fresh] = places.try_emplace(layer, layers.size());
    if (fresh) layers.push_back({layer, {}});
    layers[place->second].leaves.emplace_back(name.substr(dot + 1), tensor);  // npos + 1 is 0
  }
  sort_numbered(layers);
  return layers;
}

}  // namespace facemorph
