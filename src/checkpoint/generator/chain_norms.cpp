#include "checkpoint/generator/chain_norms.hpp"

#include "base/error.hpp"
#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <tuple>

namespace facemorph {
namespace {

/// "main.10": parent "main", stem "", number 10; "block2.conv1": parent "block2", stem "conv",
/// number 1; "deconv1_bn": number 1 too.
struct LayerName {
  std::string_view parent;
  std::string_view stem;
  int number = -1;
};

LayerName parse_name(std::string_view name) {
  LayerName result;
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) result.parent = name.substr(0, dot);
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  const std::size_t digit = last.find_first_of("0123456789");
  result.stem = last.substr(0, std::min(digit, last.size()));
  if (digit != std::string_view::npos)
    std::from_chars(last.data() + digit, last.data() + last.size(), result.number);
  return result;
}

/// Whether the names say that `second` comes behind `first`: numbers of one Sequential.
bool stands_before(const LayerName& first, const LayerName& second) {
  return first.parent != second.parent || !first.stem.empty() || !second.stem.empty() ||
         first.number < second.number;
}

/// Widths that the values behind layer `i` may have: its own, and the maps' that the next layer
/// takes (a view or a pixel shuffle lies between).
bool has_width(const GeneratorChain& chain, std::size_t i, int width) {
  if (chain.layers[i].out == width) return true;
  return i + 1 < chain.layers.size() && chain.layers[i + 1].in == width;
}

/// Where a part stands: its own place in the file, and that of every layer of the chain.
class Places {
 public:
  Places(const std::vector<NetworkPart>& parts, const GeneratorChain& chain) {
    for (const ChainLayer& layer : chain.layers)
      for (std::size_t place = 0; place < parts.size(); ++place)
        if (const auto* weight = std::get_if<WeightTensor>(&parts[place]);
            weight != nullptr && weight->name == layer.weight.name)
          of_layer_.push_back(place);
  }
  /// How many multiplying layers of the file stand between layer `i` and a part at `place`.
  std::size_t between(std::size_t i, std::size_t place) const {
    if (of_layer_[i] > place) return kBehind;
    return static_cast<std::size_t>(std::ranges::count_if(
        of_layer_, [&](std::size_t other) { return other > of_layer_[i] && other < place; }));
  }
  static constexpr std::size_t kBehind = 1000;

 private:
  std::vector<std::size_t> of_layer_;
};

/// The layer that a normalisation or PReLU belongs to, of those that fit and are free.
std::optional<std::size_t> owner(const GeneratorChain& chain, const Places& places,
                                 const std::string& part_name, std::size_t place, auto fits) {
  const LayerName name = parse_name(part_name);
  using Distance = std::tuple<bool, bool, std::size_t, std::size_t>;
  std::optional<std::size_t> best;
  Distance least{};
  for (std::size_t i = 0; i < chain.layers.size(); ++i) {
    const LayerName layer = parse_name(chain.layers[i].weight.name);
    if (!fits(i) || !stands_before(layer, name)) continue;
    const bool same_number = layer.number >= 0 && layer.number == name.number &&
                             layer.parent.size() == name.parent.size() && !name.stem.empty();
    const std::size_t between = places.between(i, place);
    const Distance distance{between != 0 && !same_number, !same_number, between, i};
    if (best && least <= distance) continue;
    best = i;
    least = distance;
  }
  return best;
}

void attach_norm(const NormTensors& norm, std::size_t place, const Places& places,
                 GeneratorChain& chain) {
  const auto found = owner(chain, places, norm.name, place, [&](std::size_t i) {
    return !chain.layers[i].norm && has_width(chain, i, norm.width);
  });
  if (!found)
    throw Error("'" + printable(norm.name) + "' normalises " + std::to_string(norm.width) +
                " channels, but no layer that is without a normalisation has as many.");
  chain.layers[*found].norm = norm;
}

void attach_slopes(const SlopeTensor& part, std::size_t place, const Places& places,
                   GeneratorChain& chain) {
  const auto count = static_cast<int>(part.slopes.size());
  const auto found = owner(chain, places, part.name, place, [&](std::size_t i) {
    return chain.layers[i].slopes.empty() && (count == 1 || has_width(chain, i, count));
  });
  if (!found)
    throw Error("'" + printable(part.name) + "' has " + std::to_string(count) +
                " values, which fit no layer.");
  chain.layers[*found].slopes = part.slopes;
}

}  // namespace

void attach_norms(const std::vector<NetworkPart>& parts, GeneratorChain& chain) {
  const Places places(parts, chain);
  for (std::size_t place = 0; place < parts.size(); ++place) {
    if (const auto* norm = std::get_if<NormTensors>(&parts[place]))
      attach_norm(*norm, place, places, chain);
    if (const auto* slopes = std::get_if<SlopeTensor>(&parts[place]))
      attach_slopes(*slopes, place, places, chain);
  }
}

}  // namespace facemorph
