#include "base/error.hpp"
#include "checkpoint/onnx/onnx_chain.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph::onnx {
namespace {

using Dims = std::vector<std::int64_t>;

/// The same numbers under another shape. Only a change to feature maps becomes a layer at once.
Feature viewed(const Call& call, Dims dims) {
  Feature output = call.feature();
  output.dims = std::move(dims);
  for (const std::int64_t side : output.dims)
    if (side < 1 || side > call.feature().numel()) throw Error("has an impossible shape");
  if (output.dims.empty() || output.dims.size() > 6 || output.numel() != call.feature().numel())
    throw Error("makes " + shape_text(output.dims) + " of " + shape_text(call.feature().dims));
  if (output.dims.size() == 3) call.chain.reshape(output);
  return output;
}

/// Sides but the batch of what Reshape asks for; the open one is filled in.
Dims wanted_sides(const std::vector<double>& numbers, const Feature& input) {
  Dims dims;
  std::int64_t known = 1;
  std::size_t open = 0;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    const bool copies = numbers[i] == 0 && i - 1 < input.dims.size();
    const double side = copies ? static_cast<double>(input.dims[i - 1]) : numbers[i];
    if (!(side >= -1 && side <= static_cast<double>(input.numel())) || side != std::floor(side) ||
        side == 0)
      throw Error("has an impossible shape");
    if (side == -1) open = i;
    dims.push_back(static_cast<std::int64_t>(side));
    if (side > 0 && known <= input.numel()) known *= dims.back();
  }
  if (open > 0) dims[open - 1] = input.numel() / known;
  return dims;
}

Feature reshape(const Call& call) {
  const Feature& input = call.feature();
  std::vector<double> numbers;
  if (const Constant* shape = call.constant_or_none(1)) numbers = shape->numbers();
  if (const Attribute* shape = call.node.find("shape"))
    numbers.assign(shape->ints.begin(), shape->ints.end());
  if (numbers.size() < 2) throw Error("mixes the pictures of a batch");
  const bool zero = std::find(numbers.begin(), numbers.end(), 0.0) != numbers.end();
  if (zero && call.node.integer("allowzero", 0) != 0) throw Error("makes pictures of no pixels");
  const Dims dims = wanted_sides(numbers, input);
  // The first side is the batch, however it is written, when the others hold one face's numbers.
  const double first = numbers.front();
  const bool open_side = std::find(numbers.begin() + 1, numbers.end(), -1.0) != numbers.end();
  const bool batch = std::isnan(first) || first == 0 || first == -1 ||
                     first == static_cast<double>(call.chain.batch);
  if (open_side && (!batch || first == -1)) throw Error("mixes the pictures of a batch");
  return viewed(call, dims);
}

Feature flatten(const Call& call) {
  const std::size_t rank = call.feature().dims.size() + 1;
  if (checked_axis(call.node.integer("axis", 1), rank) != 1)
    throw Error("mixes the pictures of a batch");
  return viewed(call, {call.feature().numel()});
}

/// Changes the shape with its batch, which must stay in front.
Feature with_batch(const Call& call, Dims (*change)(const Dims&, const Dims&)) {
  constexpr std::int64_t kBatch = 2;  // anything but one: squeezing must not drop it
  const Feature& input = call.feature();
  Dims dims = {kBatch};
  dims.insert(dims.end(), input.dims.begin(), input.dims.end());
  dims = change(dims, axes_of(call.node, call.constant_or_none(1)));
  if (dims.empty() || dims.front() != kBatch) throw Error("moves the batch");
  return viewed(call, Dims(dims.begin() + 1, dims.end()));
}

Feature unsqueeze(const Call& call) {
  return with_batch(call,
                    [](const Dims& dims, const Dims& axes) { return unsqueezed(dims, axes); });
}

Feature squeeze(const Call& call) {
  return with_batch(call, squeezed);
}

/// Before opset 11, torch exported nn.PixelShuffle as view, permute and view.
Feature transpose(const Call& call) {
  const Feature& input = call.feature();
  const Dims perm = call.node.integers("perm");
  const Dims& dims = input.dims;
  const bool shuffle = perm == Dims{0, 1, 4, 2, 5, 3} && dims.size() == 5 && dims[1] == dims[2] &&
                       dims[1] <= kMostKernel;
  if (!shuffle) throw Error("swaps the sides of pictures");
  const std::int64_t factor = dims[1];
  Feature maps = input;
  maps.dims = {dims[0] * factor * factor, dims[3], dims[4]};
  Feature output = call.chain.add(PixelShuffleLayer{static_cast<int>(factor)}, maps);
  output.dims = {dims[0], dims[3], factor, dims[4], factor};
  return output;
}

Feature same(const Call& call) {
  return call.feature();
}

Feature cast(const Call& call) {
  constexpr std::int64_t kFloat = 1;
  constexpr std::int64_t kHalf = 10;
  constexpr std::int64_t kDouble = 11;
  const std::int64_t to = call.node.integer("to", kFloat);
  if (to != kFloat && to != kHalf && to != kDouble) throw Error("makes whole numbers of pictures");
  return call.feature();
}

/// A class's values before or behind the latent.
Feature concat(const Call& call) {
  if (call.inputs.size() != 2 || call.inputs[0] == nullptr || call.inputs[1] == nullptr)
    throw Error("joins several results: the network is no chain of layers");
  const bool append = std::holds_alternative<Feature>(*call.inputs[0]);
  const Feature& input = call.feature(append ? 0 : 1);
  const Constant& values = call.constant(append ? 1 : 0);
  const std::size_t rank = input.dims.size() + 1;
  if (checked_axis(call.node.integer("axis", 1), rank) != 1 || values.dims.size() != rank ||
      values.dims[1] != values.numel())
    throw Error("joins something other than a class's values");
  return call.chain.add(ConditionLayer{append ? ConditionKind::Append : ConditionKind::Prepend,
                                       call.chain.weights(values)},
                        input);
}

}  // namespace

const Handlers& shape_handlers() {
  static const Handlers kHandlers = {
      {"Reshape", reshape},     {"Flatten", flatten}, {"Unsqueeze", unsqueeze},
      {"Squeeze", squeeze},     {"Identity", same},   {"Dropout", same},
      {"Transpose", transpose}, {"Cast", cast},       {"Concat", concat}};
  return kHandlers;
}

}  // namespace facemorph::onnx
