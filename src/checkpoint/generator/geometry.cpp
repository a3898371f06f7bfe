#include "checkpoint/generator/geometry.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace facemorph {
namespace {

constexpr std::size_t kMostPlans = 64;
constexpr std::size_t kMostSteps = 200'000;
constexpr int kLargestPicture = 1024;
constexpr int kSmallestPicture = 8;
constexpr double kTooSurprising = 9;

/// A way to read one layer; `surprise` says how seldom it is met.
struct Option {
  LayerGeometry geometry;
  double surprise = 0;
};

struct Usual {
  int kernel, stride, padding, output_padding;
  double surprise;
};

/// Transposed convolutions as people write them.
constexpr std::array kTransposed = {
    Usual{1, 1, 0, 0, 0},   Usual{2, 2, 0, 0, 0},   Usual{2, 1, 0, 0, 3},   Usual{3, 2, 1, 1, 0},
    Usual{3, 2, 1, 0, 0.8}, Usual{3, 1, 1, 0, 0.8}, Usual{3, 2, 0, 0, 1},   Usual{3, 1, 0, 0, 2},
    Usual{3, 3, 0, 0, 3},   Usual{4, 2, 1, 0, 0},   Usual{4, 1, 0, 0, 1},   Usual{4, 1, 2, 0, 3},
    Usual{4, 1, 1, 0, 3},   Usual{4, 2, 0, 0, 1.5}, Usual{4, 4, 0, 0, 2},   Usual{4, 3, 0, 0, 3},
    Usual{4, 2, 2, 0, 2.5}, Usual{4, 3, 1, 0, 3},   Usual{5, 2, 2, 1, 0},   Usual{5, 1, 2, 0, 0.8},
    Usual{5, 1, 0, 0, 1.5}, Usual{5, 2, 1, 0, 1.5}, Usual{5, 3, 1, 0, 0.8}, Usual{5, 2, 2, 0, 2},
    Usual{5, 2, 0, 0, 2.5}, Usual{5, 4, 1, 1, 2.5}, Usual{6, 2, 2, 0, 0},   Usual{6, 1, 0, 0, 2},
    Usual{6, 4, 1, 0, 2},   Usual{7, 1, 3, 0, 0.5}, Usual{7, 1, 0, 0, 1.5}, Usual{7, 2, 3, 1, 1},
    Usual{8, 2, 3, 0, 0.3}, Usual{8, 4, 2, 0, 0.3}, Usual{8, 1, 0, 0, 2},   Usual{8, 8, 0, 0, 2},
    Usual{16, 8, 4, 0, 1}};

/// Sizes of data sets and of networks; others are met now and then.
double size_surprise(int size) {
  static const std::map<int, double> kSizes = {
      {28, 0},    {32, 0},   {64, 0},   {128, 0},  {256, 0},   {96, 0.3}, {512, 0.3},
      {1024, 1},  {48, 0.8}, {16, 1.5}, {80, 2},   {100, 1.5}, {112, 1},  {160, 1.5},
      {192, 1.5}, {224, 1},  {84, 2},   {120, 2},  {200, 2},   {50, 2.5}, {40, 2.5},
      {56, 1.5},  {218, 2},  {178, 2},  {72, 2.5}, {384, 2},   {768, 2},  {640, 2.5}};
  const auto found = kSizes.find(size);
  if (found != kSizes.end()) return found->second;
  return 6;
}

bool is_pixel(int side) {
  return side == 1;
}

std::vector<Option> transposed_options(int kernel, int side, bool first) {
  if (first && is_pixel(side)) return {{{1, 1, 0, 0, 0, 1}, 0}};  // spreads one pixel to its kernel
  std::vector<Option> options;
  for (const Usual& usual : kTransposed)
    if (usual.kernel == kernel)
      options.push_back(
          {{1, usual.stride, usual.padding, usual.output_padding, 0, 1}, usual.surprise});
  if (is_pixel(side)) options.push_back({{1, 1, 0, 0, 0, 1}, 0});
  if (options.empty() && kernel % 2 == 0) options.push_back({{1, 2, kernel / 2 - 1, 0, 0, 1}, 1});
  if (options.empty()) options.push_back({{1, 2, kernel / 2, 1, 0, 1}, 1});
  return options;
}

/// Convolutions keep the size, often after an enlargement.
std::vector<Option> plain_options(int kernel, int side) {
  std::vector<Option> options;
  if (kernel % 2 == 1) {
    const int same = kernel / 2;
    options.push_back({{1, 1, same, 0, 0, 1}, 0.2});
    options.push_back({{2, 1, same, 0, 0, 1}, kernel == 1 ? 0.6 : 0.1});
    options.push_back({{4, 1, same, 0, 0, 1}, 2.5});
    if (kernel > 1) options.push_back({{1, 1, 0, 0, 0, 1}, 3});
    if (kernel > 1) options.push_back({{2, 1, 0, 0, 0, 1}, 3});
  } else {
    options.push_back({{1, 1, kernel / 2, 0, 0, 1}, 1.5});
    options.push_back({{2, 1, kernel / 2, 0, 0, 1}, 1.5});
    options.push_back({{2, 1, kernel / 2 - 1, 0, 0, 1}, 2});
    options.push_back({{1, 1, 0, 0, 0, 1}, 2.5});
  }
  if (is_pixel(side) && kernel > 1)
    options.push_back({{1, 1, kernel - 1, 0, 0, 1}, 0});  // as ProGAN
  return options;
}

/// Enlargements can stand outside of modules.
std::vector<Option> stated_options(const StatedConvolution& stated, LayerKind kind) {
  std::vector<Option> options;
  for (const int upsample : {1, 2, 4})
    if (stated.upsample.value_or(upsample) == upsample &&
        (kind == LayerKind::Conv2d || upsample == 1 || stated.upsample))
      options.push_back({{upsample, stated.stride, stated.padding, stated.output_padding, 0, 1},
                         upsample == 4 ? 2.5 : 0.1});
  return options;
}

int size_after(const ChainLayer& layer, const LayerGeometry& geometry, int side) {
  const int kernel = layer.weight.kernel();
  int size = side * geometry.upsample;
  if (layer.kind == LayerKind::ConvTranspose2d)
    size = (size - 1) * geometry.stride - 2 * geometry.padding + kernel + geometry.output_padding;
  else
    size = (size + 2 * geometry.padding - kernel) / geometry.stride + 1;
  return size * geometry.shuffle;
}

/// Enumerates readings layer by layer and keeps the least surprising.
class Planner {
 public:
  explicit Planner(const GeneratorChain& chain) : chain_(chain) {
    for (std::size_t i = 0; i < chain.layers.size(); ++i)
      has_blocks_ = has_blocks_ || is_block(i);
  }

  std::vector<Geometry> run() {
    extend(0, 1, 0);
    std::ranges::stable_sort(plans_, {}, &Geometry::surprise);
    if (plans_.size() > kMostPlans) plans_.resize(kMostPlans);
    return std::move(plans_);
  }

 private:
  void extend(std::size_t index, int side, double surprise) {
    if (++steps_ > kMostSteps || surprise > limit()) return;
    if (index == chain_.layers.size()) return finish(side, surprise);
    const ChainLayer& layer = chain_.layers[index];
    const auto next = link_after(index);
    if (layer.kind == LayerKind::Linear) return extend_linear(index, next, surprise);
    for (Option option : options(layer, side, index == 0)) {
      option.geometry.shuffle = next.shuffle;
      const int size = size_after(layer, option.geometry, side);
      if (size < 1 || size > kLargestPicture) continue;
      push(option.geometry);
      extend(index + 1, size,
             surprise + option.surprise + misplaced(index, layer, option.geometry));
      pop();
    }
  }

  void extend_linear(std::size_t index, const Passage& next, double surprise) {
    LayerGeometry geometry;
    int side = next.side;
    if (index + 1 == chain_.layers.size())
      side = picture_side(chain_.layers[index].out, chain_.channels);
    geometry.view_side = side;
    push(geometry);
    extend(index + 1, side == 0 ? 1 : side, surprise);
    pop();
  }

  Passage link_after(std::size_t index) const {
    if (index + 1 == chain_.layers.size())
      return {0, picture_planes(chain_.layers[index].out).shuffle};
    const ChainLayer& from = chain_.layers[index];
    const ChainLayer& to = chain_.layers[index + 1];
    return passage(from.kind, from.out, to.kind, to.in).value_or(Passage{});
  }

  static std::vector<Option> options(const ChainLayer& layer, int side, bool first) {
    if (layer.stated) return stated_options(*layer.stated, layer.kind);
    const int kernel = layer.weight.kernel();
    return layer.kind == LayerKind::ConvTranspose2d ? transposed_options(kernel, side, first)
                                                    : plain_options(kernel, side);
  }

  /// What is unusual about a layer in its place.
  double misplaced(std::size_t index, const ChainLayer& layer,
                   const LayerGeometry& geometry) const {
    const bool last = index + 1 == chain_.layers.size();
    // The last convolution mostly only paints; the maps have their size by then.
    if (layer.kind == LayerKind::Conv2d && last && geometry.upsample > 1) return 0.5;
    // One kernel of 5 behind those of 4 is there to make 96 pixels of 32.
    if (layer.kind == LayerKind::ConvTranspose2d && last && layer.weight.kernel() == 5 &&
        index > 0 && chain_.layers[index - 1].weight.kernel() == 4 && geometry.stride != 3)
      return 1.5;
    return change(index, layer, geometry) + out_of_block(index, geometry);
  }

  /// In blocks of two convolutions the first changes the number of channels, and enlarges.
  double out_of_block(std::size_t index, const LayerGeometry& geometry) const {
    const bool enlarges = geometry.upsample > 1;
    if (is_block(index)) return enlarges ? 0 : 0.8;
    if (index == 0 || !enlarges) return 0;
    if (is_block(index - 1)) return 0.8;
    return has_blocks_ && path_[index - 1].upsample > 1 ? 0.3 : 0;
  }

  bool is_block(std::size_t index) const {
    if (index + 1 >= chain_.layers.size()) return false;
    const ChainLayer& first = chain_.layers[index];
    const ChainLayer& second = chain_.layers[index + 1];
    return first.kind == LayerKind::Conv2d && second.kind == LayerKind::Conv2d &&
           first.in != first.out && second.in == second.out &&
           first.weight.kernel() == second.weight.kernel();
  }

  /// Layers of one kind and kernel are mostly alike, but for the first and the last one.
  double change(std::size_t index, const ChainLayer& layer, const LayerGeometry& geometry) const {
    for (std::size_t i = index; i > 0; --i) {
      const ChainLayer& before = chain_.layers[i - 1];
      if (before.kind != layer.kind || before.weight.kernel() != layer.weight.kernel()) continue;
      if (i == 1 && before.kind == LayerKind::ConvTranspose2d && path_[0].stride == 1) return 0;
      LayerGeometry alike = path_[i - 1];
      alike.shuffle = geometry.shuffle;
      if (alike == geometry) return 0;
      const bool enlarges_again = geometry.upsample > alike.upsample;
      if (index + 1 == chain_.layers.size()) return 0;
      // Blocks of two, one of which enlarges, repeat themselves.
      if (i >= 2 && path_[i - 2] == geometry) return 0.1;
      return enlarges_again ? 0.7 : 0.5;
    }
    return 0;
  }

  void finish(int side, double surprise) {
    if (side < kSmallestPicture) return;
    const double total = surprise + size_surprise(side);
    if (total > kTooSurprising) return;
    plans_.push_back({path_, side, total});
  }

  /// What no longer can be among the best.
  double limit() {
    if (plans_.size() >= 8 * kMostPlans) {
      std::ranges::stable_sort(plans_, {}, &Geometry::surprise);
      plans_.resize(kMostPlans);
      limit_ = plans_.back().surprise;
    }
    return limit_;
  }

  void push(const LayerGeometry& geometry) { path_.push_back(geometry); }
  void pop() { path_.pop_back(); }

  const GeneratorChain& chain_;
  std::vector<LayerGeometry> path_;
  std::vector<Geometry> plans_;
  bool has_blocks_ = false;
  std::size_t steps_ = 0;
  double limit_ = kTooSurprising;
};

}  // namespace

std::vector<Geometry> plausible_geometries(const GeneratorChain& chain) {
  std::vector<Geometry> plans = Planner(chain).run();
  if (plans.empty())
    throw Error(
        "no usual strides and paddings make a picture of a usual size (28, 32, 64, 96, 128, 256 …) "
        "of these kernels.");
  return plans;
}

std::string geometry_text(const GeneratorChain& chain, const Geometry& geometry) {
  std::string text;
  for (std::size_t i = 0; i < geometry.layers.size(); ++i) {
    const LayerGeometry& layer = geometry.layers[i];
    if (layer.upsample > 1) text += "up" + std::to_string(layer.upsample) + " ";
    if (chain.layers[i].kind == LayerKind::Linear) {
      if (layer.view_side > 0) text += "view" + std::to_string(layer.view_side) + " ";
      continue;
    }
    text += (chain.layers[i].kind == LayerKind::Conv2d ? "c" : "k") +
            std::to_string(chain.layers[i].weight.kernel()) + "s" + std::to_string(layer.stride) +
            "p" + std::to_string(layer.padding);
    if (layer.output_padding > 0) text += "o" + std::to_string(layer.output_padding);
    text += " ";
    if (layer.shuffle > 1) text += "shuffle" + std::to_string(layer.shuffle) + " ";
  }
  return text + "(" + std::to_string(geometry.image_size) + " px)";
}

}  // namespace facemorph
