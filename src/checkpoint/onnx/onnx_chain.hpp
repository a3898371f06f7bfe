#pragma once

#include "checkpoint/onnx/onnx_constants.hpp"
#include "checkpoint/stack/layer_stack.hpp"
#include "checkpoint/stack/stack_check.hpp"

#include <functional>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace facemorph::onnx {

/// What flows through the network at some point of the graph.
struct Feature {
  int id = 0;                      ///< of the layer that made it, counted through
  std::vector<std::int64_t> dims;  ///< as the graph sees it, without the batch
  int padding = 0;                 ///< a border that the next convolution brings along
  bool reflect = false;

  std::int64_t numel() const;
};
using Value = std::variant<Constant, Feature>;

/// The layers read so far. The graph may look at one result through many shapes; the stack gets a
/// ReshapeLayer where that matters to a layer.
class Chain {
 public:
  /// `float_budget`: how many weights all layers may have together.
  Chain(int nz, std::int64_t batch, std::size_t float_budget);

  LayerStack stack;
  std::int64_t batch;  ///< the number of latents that the file was made for; -1 when open

  Feature latent(std::vector<std::int64_t> dims) const { return {newest_, std::move(dims)}; }

  /// Appends a layer that works on the shape `input.dims`, which must be [c] or [c, h, w].
  Feature add(Layer layer, const Feature& input);
  /// Appends one that works on each number by itself, whatever the shape.
  Feature add_elementwise(Layer layer, const Feature& input);
  /// The feature after its layer was changed: what it was before is no longer to be had.
  Feature renewed(const Feature& feature);
  /// Takes the last `count` layers back, and gives the feature that went into them.
  Feature undo(std::size_t count, const Feature& last);
  /// Reads the values of a later layer as [c, h, w].
  void reshape(const Feature& feature);

  /// The last layer, when it is an L and made `feature`; else null.
  template <typename L>
  L* last(const Feature& feature, std::size_t from_end = 0) {
    if (feature.id != newest_ || stack.layers.size() <= from_end) return nullptr;
    return std::get_if<L>(&stack.layers[stack.layers.size() - 1 - from_end]);
  }
  /// Whether `feature` is what went into the last layer but `from_end`.
  bool went_into(const Feature& feature, std::size_t from_end) const;
  bool is_newest(const Feature& feature) const { return feature.id == newest_; }

  /// A constant as weights, counted against the budget.
  std::vector<float> weights(const Constant& constant);
  const FeatureShape& shape() const { return shape_; }

 private:
  struct Step {
    Feature input;       ///< of the layer at the same place
    FeatureShape shape;  ///< before it
  };
  void require_newest(const Feature& feature) const;
  void push(Layer layer, const Feature& input);

  std::vector<Step> steps_;
  FeatureShape shape_;
  int newest_ = 0;
  int next_ = 1;
  std::size_t float_budget_;
};

/// A node on its way into the chain.
struct Call {
  Chain& chain;
  const Node& node;
  std::vector<const Value*> inputs;  ///< null for those left out

  /// Throw Error when the input is missing or of the other kind.
  const Feature& feature(std::size_t i = 0) const;
  const Constant& constant(std::size_t i) const;
  const Constant* constant_or_none(std::size_t i) const;
};

/// What a node makes of the feature it gets. Throws Error without the node's name.
using Handler = std::function<Feature(const Call&)>;
using Handlers = std::unordered_map<std::string_view, Handler>;

/// Convolutions, linear layers, norms and enlargements.
const Handlers& layer_handlers();
/// Activations, sums and products.
const Handlers& arithmetic_handlers();
/// Views of the same numbers.
const Handlers& shape_handlers();

}  // namespace facemorph::onnx
