#include "checkpoint/stack/folded_weights.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace facemorph {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kParametrizations = {{
    {".parametrizations.weight.original0", ".weight_g"},
    {".parametrizations.weight.original1", ".weight_v"},
    {".parametrizations.weight.original", ".weight_orig"},
    {".parametrizations.weight.0._u", ".weight_u"},
    {".parametrizations.weight.0._v", ".weight_v"},
}};

/// A weight seen as a matrix whose rows are the indices of one of its first two dimensions.
class AsMatrix {
 public:
  AsMatrix(const std::vector<std::int64_t>& shape, std::size_t row_dimension)
      : first_(shape[0]), second_(shape[1]), by_first_(row_dimension == 0) {
    for (std::size_t i = 2; i < shape.size(); ++i)
      inner_ *= shape[i];
  }
  std::size_t rows() const { return static_cast<std::size_t>(by_first_ ? first_ : second_); }
  std::size_t columns() const {
    return static_cast<std::size_t>((by_first_ ? second_ : first_) * inner_);
  }
  /// Calls visit(element, row, column) for every element of the weight.
  template <typename Visit>
  void for_each(Visit visit) const {
    std::size_t element = 0;
    for (std::int64_t a = 0; a < first_; ++a)
      for (std::int64_t b = 0; b < second_; ++b)
        for (std::int64_t c = 0; c < inner_; ++c) {
          const std::int64_t row = by_first_ ? a : b;
          const std::int64_t column = (by_first_ ? b : a) * inner_ + c;
          visit(element++, static_cast<std::size_t>(row), static_cast<std::size_t>(column));
        }
  }

 private:
  std::int64_t first_;
  std::int64_t second_;
  std::int64_t inner_ = 1;
  bool by_first_;
};

double length(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values)
    sum += value * value;
  return std::sqrt(sum);
}

struct Sigma {
  double value = 0;      ///< u^T W v
  double alignment = 0;  ///< cosine of u and W v: near 1 after enough power iterations
};

Sigma sigma_of(const std::vector<float>& weight, const AsMatrix& matrix,
               const std::vector<float>& u, const std::vector<float>& stored_v) {
  std::vector<double> v(stored_v.begin(), stored_v.end());
  if (v.empty()) {
    v.assign(matrix.columns(), 0.0);
    matrix.for_each([&](std::size_t element, std::size_t row, std::size_t column) {
      v[column] += static_cast<double>(weight[element]) * u[row];
    });
    const double norm = length(v);
    for (double& value : v)
      value /= std::max(norm, 1e-12);
  }
  std::vector<double> product(matrix.rows(), 0.0);
  matrix.for_each([&](std::size_t element, std::size_t row, std::size_t column) {
    product[row] += static_cast<double>(weight[element]) * v[column];
  });
  Sigma sigma;
  for (std::size_t row = 0; row < product.size(); ++row)
    sigma.value += product[row] * u[row];
  sigma.alignment = sigma.value / std::max(length(product), 1e-12);
  return sigma;
}

}  // namespace

TensorView with_plain_leaves(const TensorView& tensors) {
  TensorView result = tensors;
  for (auto& [name, tensor] : result)
    for (const auto& [ending, plain] : kParametrizations)
      if (name.ends_with(ending)) {
        name.replace(name.size() - ending.size(), ending.size(), plain);
        break;
      }
  return result;
}

std::vector<float> without_spectral_norm(std::vector<float> weight,
                                         const std::vector<std::int64_t>& shape,
                                         const std::vector<float>& u, std::vector<float> v) {
  Sigma best;
  // Rows are the output channels: the second dimension of a transposed convolution. Where both
  // have the same length, the right one is the one that u and v belong to.
  for (const std::size_t dimension : {0U, 1U}) {
    const AsMatrix matrix(shape, dimension);
    if (matrix.rows() != u.size() || (!v.empty() && matrix.columns() != v.size())) continue;
    const Sigma sigma = sigma_of(weight, matrix, u, v);
    if (std::abs(sigma.alignment) > std::abs(best.alignment)) best = sigma;
  }
  if (!(std::abs(best.value) > 0))
    throw Error("the vectors of a spectral norm do not fit its weight.");
  for (float& value : weight)
    value = static_cast<float>(value / best.value);
  return weight;
}

std::vector<float> without_weight_norm(std::vector<float> v, const std::vector<std::int64_t>& shape,
                                       const std::vector<float>& g) {
  for (const std::size_t dimension : {0U, 1U}) {
    const AsMatrix matrix(shape, dimension);
    if (matrix.rows() != g.size()) continue;
    std::vector<double> squares(matrix.rows(), 0.0);
    matrix.for_each([&](std::size_t element, std::size_t row, std::size_t) {
      squares[row] += static_cast<double>(v[element]) * v[element];
    });
    matrix.for_each([&](std::size_t element, std::size_t row, std::size_t) {
      v[element] =
          static_cast<float>(v[element] * g[row] / std::max(std::sqrt(squares[row]), 1e-12));
    });
    return v;
  }
  throw Error("the lengths of a weight norm do not fit its weight.");
}

}  // namespace facemorph
