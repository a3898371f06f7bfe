#include "torch/assumptions/reading_output.hpp"

#include "torch/assumptions/picture_looks.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

/// Share of the values in [low, high].
double share(const torch::Tensor& values, double low, double high) {
  return values.ge(low).logical_and(values.le(high)).to(torch::kFloat64).mean().item<double>();
}

}  // namespace

OutputReading read_output(const torch::Tensor& given, const std::string& usual) {
  const torch::Tensor values = given.to(torch::kFloat64);
  const double mean = values.mean().item<double>();
  const double spread = values.std(false).item<double>();
  if (!std::isfinite(mean) || !std::isfinite(spread)) return {"tanh", "-1..1", {0.3, Basis::Habit}};
  if (mean > 30 && mean < 225 && spread > 10 && share(values, -20, 275) > 0.97)
    return {"none", "0..255", {0.95, Basis::Values}};
  if (mean > 0.15 && mean < 0.85 && spread > 0.05 && spread < 0.45 &&
      share(values, -0.1, 1.1) > 0.97 && share(values, -2, 0) < 0.15)
    return {"none", "0..1", {0.8, Basis::Values}};
  // Pictures end at -1 and 1, so that their values have short tails; those before a tanh have not.
  // Little contrast is a sign of short training, not of a missing tanh.
  const double end = std::min(1.35, 2.65 * spread);
  if (spread > 0.42 && spread < 0.7 && share(values, -end, end) > 0.99)
    return {"none", "-1..1", {0.7, Basis::Values}};
  // The values of a sigmoid's picture, read as those of tanh, give too much contrast; a network
  // that goes for black and white gives that both ways.
  if (contrast(values.tanh()) > kMostContrast && contrast(values.sigmoid() * 2 - 1) < kMostContrast)
    return {"sigmoid", "0..1", {0.6, Basis::Values}};
  return {usual,
          usual == "sigmoid" ? "0..1" : "-1..1",
          {share(values, -2.5, 2.5) > 0.9 ? 0.8 : 0.6, Basis::Values}};
}

}  // namespace facemorph
