#include "checkpoint/onnx/onnx_constants.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>

namespace facemorph::onnx {
namespace {

using Dims = std::vector<std::int64_t>;
using Inputs = std::vector<const Constant*>;

constexpr std::size_t kMostSides = 8;

/// The node's name is added by who called.
[[noreturn]] void refuse(const std::string& problem) {
  throw Error(problem);
}

const Constant& input(const Inputs& inputs, std::size_t i) {
  if (i >= inputs.size() || inputs[i] == nullptr) refuse("lacks an input");
  return *inputs[i];
}

std::int64_t numel_of(const Dims& dims) {
  std::int64_t count = 1;
  for (const std::int64_t side : dims) {
    if (side < 0 || side > (std::int64_t{1} << 31U) || count > (std::int64_t{1} << 31U))
      refuse("has an impossible shape");
    count *= side;
  }
  return count;
}

Constant computed(Dims dims, std::vector<double> values) {
  if (dims.size() > kMostSides || values.size() > kFewNumbers ||
      numel_of(dims) != static_cast<std::int64_t>(values.size()))
    refuse("computes something other than a shape");
  return {std::move(dims), nullptr, std::move(values)};
}

Constant with_dims(const Constant& constant, Dims dims) {
  if (dims.size() > kMostSides || numel_of(dims) != constant.numel() || constant.transposed)
    refuse("gives a constant an impossible shape");
  Constant result = constant;
  result.dims = std::move(dims);
  return result;
}

Constant fold_reshape(const Node&, const Inputs& inputs) {
  const Constant& constant = input(inputs, 0);
  Dims dims;
  std::int64_t known = 1;
  for (const double side : input(inputs, 1).numbers()) {
    std::int64_t value = whole(side);
    if (value == 0 && dims.size() < constant.dims.size()) value = constant.dims[dims.size()];
    if (value < -1 || value > constant.numel()) refuse("gives a constant an impossible shape");
    dims.push_back(value);
    if (value > 0 && known <= constant.numel()) known *= value;
  }
  for (std::int64_t& side : dims)
    if (side == -1) {
      side = constant.numel() / known;
      break;
    }
  return with_dims(constant, std::move(dims));
}

Constant fold_gather(const Node& node, const Inputs& inputs) {
  const std::vector<double> values = input(inputs, 0).numbers();
  if (input(inputs, 0).dims.size() != 1 || node.integer("axis", 0) != 0)
    refuse("picks from something other than a shape");
  std::vector<double> picked;
  for (const double index : input(inputs, 1).numbers())
    picked.push_back(values[checked_axis(whole(index), values.size())]);
  return computed(input(inputs, 1).dims, std::move(picked));
}

Constant fold_concat(const Node&, const Inputs& inputs) {
  std::vector<double> values;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (input(inputs, i).dims.size() != 1) refuse("joins something other than shapes");
    const std::vector<double> more = input(inputs, i).numbers();
    values.insert(values.end(), more.begin(), more.end());
    if (values.size() > kFewNumbers) refuse("computes something other than a shape");
  }
  return constant_of(std::move(values));
}

/// One of the numbers that Slice takes as inputs, or as attributes before opset 10.
std::int64_t slice_number(const Node& node, const Inputs& inputs, std::size_t place,
                          std::string_view attribute, std::int64_t otherwise) {
  std::vector<double> numbers;
  if (place < inputs.size() && inputs[place] != nullptr) numbers = inputs[place]->numbers();
  const Dims attributes = node.integers(attribute);
  if (numbers.empty()) numbers.assign(attributes.begin(), attributes.end());
  if (numbers.size() > 1) refuse("slices along more than one axis");
  return numbers.empty() ? otherwise : whole(numbers.front());
}

/// Along the first axis, of rows that stand one after the other.
Constant fold_slice(const Node& node, const Inputs& inputs) {
  const Constant& constant = input(inputs, 0);
  const std::vector<double> values = constant.numbers();
  if (constant.dims.empty() || slice_number(node, inputs, 3, "axes", 0) != 0)
    refuse("slices something other than a shape");
  const std::int64_t rows = constant.dims.front();
  if (rows == 0) return constant;
  const std::int64_t step = slice_number(node, inputs, 4, "steps", 1);
  if (step != 1 && step != -1) refuse("slices in steps");
  const auto place = [rows](std::int64_t at, std::int64_t low, std::int64_t high) {
    return std::clamp(at < 0 ? at + rows : at, low, high);
  };
  const std::int64_t shift = step < 0 ? -1 : 0;
  const std::int64_t start = place(slice_number(node, inputs, 1, "starts", 0), 0, rows + shift);
  const std::int64_t end = place(slice_number(node, inputs, 2, "ends", rows), shift, rows + shift);
  const auto width = static_cast<std::ptrdiff_t>(values.size()) / rows;
  std::vector<double> kept;
  Dims dims = constant.dims;
  dims.front() = 0;
  for (std::int64_t row = start; step > 0 ? row < end : row > end; row += step, ++dims.front())
    kept.insert(kept.end(), values.begin() + row * width, values.begin() + (row + 1) * width);
  return computed(std::move(dims), std::move(kept));
}

Constant fold_transpose(const Node& node, const Inputs& inputs) {
  const Constant& constant = input(inputs, 0);
  if (constant.dims.size() < 2) return constant;
  const Dims perm = node.integers("perm", {1, 0});
  if (constant.dims.size() != 2 || perm != Dims{1, 0}) refuse("rearranges weights");
  if (constant.numel() > static_cast<std::int64_t>(kFewNumbers)) {
    Constant result = constant;
    std::swap(result.dims[0], result.dims[1]);
    result.transposed = !constant.transposed;
    return result;
  }
  const std::vector<double> values = constant.numbers();
  const auto rows = static_cast<std::size_t>(constant.dims[0]);
  const auto columns = static_cast<std::size_t>(constant.dims[1]);
  std::vector<double> result;
  for (std::size_t column = 0; column < columns; ++column)
    for (std::size_t row = 0; row < rows; ++row)
      result.push_back(values[row * columns + column]);
  return computed({constant.dims[1], constant.dims[0]}, std::move(result));
}

Constant fold_constant_of_shape(const Node& node, const Inputs& inputs) {
  Dims dims;
  for (const double side : input(inputs, 0).numbers())
    dims.push_back(whole(side));
  const std::int64_t count = numel_of(dims);
  if (count > static_cast<std::int64_t>(kFewNumbers)) refuse("fills something larger than a shape");
  double value = 0;
  if (const Attribute* found = node.find("value"); found != nullptr && found->t)
    if (found->t->numel() == 1) value = found->t->numbers().front();
  return computed(std::move(dims), std::vector<double>(static_cast<std::size_t>(count), value));
}

/// Sides of one give way, as in all of ONNX; only lists and single numbers are needed.
Constant fold_arithmetic(const Inputs& inputs, const std::function<double(double, double)>& apply) {
  const Constant& a = input(inputs, 0);
  const Constant& b = input(inputs, 1);
  const std::vector<double> x = a.numbers();
  const std::vector<double> y = b.numbers();
  if (x.empty() || y.empty() || (x.size() != y.size() && x.size() != 1 && y.size() != 1))
    refuse("computes with constants that do not fit");
  std::vector<double> result(std::max(x.size(), y.size()));
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = apply(x[x.size() == 1 ? 0 : i], y[y.size() == 1 ? 0 : i]);
  return computed(x.size() < y.size() || a.dims.size() < b.dims.size() ? b.dims : a.dims,
                  std::move(result));
}

Constant fold_constant(const Node& node) {
  if (const Attribute* found = node.find("value"); found != nullptr && found->t)
    return constant_of(*found->t);
  if (const Attribute* found = node.find("value_int"))
    return {{}, nullptr, {static_cast<double>(found->i)}};
  if (const Attribute* found = node.find("value_float"))
    return {{}, nullptr, {static_cast<double>(found->f)}};
  if (const Attribute* found = node.find("value_ints"))
    return constant_of({found->ints.begin(), found->ints.end()});
  if (const Attribute* found = node.find("value_floats"))
    return constant_of({found->floats.begin(), found->floats.end()});
  refuse("is a constant of an unknown kind");
}

Constant fold_cast(const Node&, const Inputs& inputs) {
  return input(inputs, 0);  // numbers are doubles here, and weights become floats anyway
}

/// Exporters repeat a class's values for every latent; the stack does that by itself.
Constant fold_expand(const Node&, const Inputs& inputs) {
  const Constant& constant = input(inputs, 0);
  const std::vector<double> sides = input(inputs, 1).numbers();
  const std::size_t rank = constant.dims.size();
  if (sides.size() < rank) refuse("repeats a constant in an unknown way");
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const std::size_t from_end = sides.size() - i;
    const std::int64_t had = from_end > rank ? 1 : constant.dims[rank - from_end];
    if (sides[i] != 1 && sides[i] != static_cast<double>(had))
      refuse("repeats a constant over a picture");
  }
  if (sides.size() == rank && !constant.dims.empty() && constant.dims[0] != 1)
    refuse("repeats a constant in an unknown way");
  return constant;
}

Constant fold_shape(const Node&, const Inputs& inputs) {
  const Dims& dims = input(inputs, 0).dims;
  return constant_of({dims.begin(), dims.end()});
}

using Fold = std::function<Constant(const Node&, const Inputs&)>;

Fold arithmetic(double (*apply)(double, double)) {
  return [apply](const Node&, const Inputs& inputs) { return fold_arithmetic(inputs, apply); };
}

const std::unordered_map<std::string_view, Fold>& folds() {
  static const std::unordered_map<std::string_view, Fold> kFolds = {
      {"Constant", [](const Node& node, const Inputs&) { return fold_constant(node); }},
      {"Identity", fold_cast},
      {"Cast", fold_cast},
      {"Reshape", fold_reshape},
      {"Gather", fold_gather},
      {"Concat", fold_concat},
      {"Slice", fold_slice},
      {"Transpose", fold_transpose},
      {"ConstantOfShape", fold_constant_of_shape},
      {"Expand", fold_expand},
      {"Shape", fold_shape},
      {"Floor",
       [](const Node&, const Inputs& inputs) {
         Constant result = computed(input(inputs, 0).dims, input(inputs, 0).numbers());
         for (double& value : result.values)
           value = std::floor(value);
         return result;
       }},
      {"Squeeze",
       [](const Node& node, const Inputs& inputs) {
         const Dims axes = axes_of(node, inputs.size() > 1 ? inputs[1] : nullptr);
         return with_dims(input(inputs, 0), squeezed(input(inputs, 0).dims, axes));
       }},
      {"Unsqueeze",
       [](const Node& node, const Inputs& inputs) {
         const Dims axes = axes_of(node, inputs.size() > 1 ? inputs[1] : nullptr);
         return with_dims(input(inputs, 0), unsqueezed(input(inputs, 0).dims, axes));
       }},
      {"Add", arithmetic([](double x, double y) { return x + y; })},
      {"Sub", arithmetic([](double x, double y) { return x - y; })},
      {"Mul", arithmetic([](double x, double y) { return x * y; })},
      {"Div", arithmetic([](double x, double y) { return y == 0 ? NAN : x / y; })},
  };
  return kFolds;
}

}  // namespace

std::int64_t whole(double value) {
  if (std::isnan(value)) refuse("depends on how many latents there are");
  constexpr double kFarthest = 9e18;
  return static_cast<std::int64_t>(std::clamp(value, -kFarthest, kFarthest));
}

std::int64_t Constant::numel() const {
  return numel_of(dims);
}

std::vector<double> Constant::numbers() const {
  if (tensor == nullptr) return values;
  if (tensor->numel() > static_cast<std::int64_t>(kFewNumbers))
    refuse("computes with weights what should be a shape");
  return tensor->numbers();
}

std::vector<float> Constant::floats() const {
  if (tensor == nullptr) return {values.begin(), values.end()};
  std::vector<float> floats = tensor->floats();
  if (!transposed) return floats;
  return facemorph::onnx::transposed(floats, static_cast<std::size_t>(dims[1]),
                                     static_cast<std::size_t>(dims[0]));
}

std::vector<float> transposed(const std::vector<float>& values, std::size_t rows,
                              std::size_t columns) {
  std::vector<float> result(values.size());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      result[column * rows + row] = values[row * columns + column];
  return result;
}

Constant constant_of(const Tensor& tensor) {
  return {tensor.dims, &tensor, {}};
}

Constant constant_of(std::vector<double> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return computed({count}, std::move(values));
}

std::optional<Constant> fold(const Node& node, const std::vector<const Constant*>& inputs) {
  const auto found = folds().find(node.op);
  if (found == folds().end()) return std::nullopt;
  return found->second(node, inputs);
}

std::size_t checked_axis(std::int64_t axis, std::size_t rank) {
  const auto size = static_cast<std::int64_t>(rank);
  if (axis < -size || axis >= size) refuse("names an axis that is not there");
  return static_cast<std::size_t>(axis < 0 ? axis + size : axis);
}

std::vector<std::int64_t> axes_of(const Node& node, const Constant* input) {
  if (input == nullptr) return node.integers("axes");
  std::vector<std::int64_t> axes;
  axes.reserve(kMostSides);
  for (const double axis : input->numbers())
    axes.push_back(whole(axis));
  return axes;
}

std::vector<std::int64_t> unsqueezed(std::vector<std::int64_t> dims,
                                     const std::vector<std::int64_t>& axes) {
  const std::size_t rank = dims.size() + axes.size();
  if (rank > kMostSides) refuse("has far too many axes");
  std::vector<std::size_t> places;
  places.reserve(axes.size());
  for (const std::int64_t axis : axes)
    places.push_back(checked_axis(axis, rank));
  std::ranges::sort(places);
  for (const std::size_t place : places)
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(std::min(place, dims.size())), 1);
  return dims;
}

std::vector<std::int64_t> squeezed(const std::vector<std::int64_t>& dims,
                                   const std::vector<std::int64_t>& axes) {
  std::vector<bool> drop(dims.size(), axes.empty());
  for (const std::int64_t axis : axes)
    drop[checked_axis(axis, dims.size())] = true;
  std::vector<std::int64_t> kept;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (drop[i] && dims[i] != 1 && !axes.empty()) refuse("drops a side that is not one");
    if (!drop[i] || dims[i] != 1) kept.push_back(dims[i]);
  }
  return kept;
}

}  // namespace facemorph::onnx
