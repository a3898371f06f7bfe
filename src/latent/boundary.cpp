#include "latent/boundary.hpp"

#include "latent/arithmetic.hpp"

#include <cmath>
#include <vector>

namespace facemorph {
namespace {

constexpr int kSteps = 400;
/// Pulls the weights to 0, as strongly as a handful of faces: without it, a few faces in many
/// dimensions are parted in endless ways, each with endless weights.
constexpr double kPenalty = 1.0;

/// A plane: weights, and where it lies.
struct Plane {
  std::vector<double> weights;
  double offset = 0;
};

double place(const Plane& plane, const Latent& z) {
  double sum = plane.offset;
  for (std::size_t i = 0; i < z.size(); ++i)
    sum += plane.weights[i] * z[i];
  return sum;
}

/// Adds the gradient of one side's loss; each side weighs the same, however many faces it has.
void add_gradient(Plane& gradient, const Plane& plane, std::span<const Latent> side, double sign) {
  for (const Latent& z : side) {
    const double wrong = 1 / (1 + std::exp(sign * place(plane, z)));  // 0 when clearly right
    const double step = -sign * wrong / static_cast<double>(side.size());
    gradient.offset += step;
    for (std::size_t i = 0; i < z.size(); ++i)
      gradient.weights[i] += step * z[i];
  }
}

}  // namespace

Latent boundary_between(std::span<const Latent> has_it, std::span<const Latent> has_not) {
  if (has_it.empty() || has_not.empty()) return {};
  const std::size_t size = has_it.front().size();
  const double count = static_cast<double>(has_it.size() + has_not.size());
  // Of the loss no curvature exceeds a quarter of a mean squared length a side.
  const double penalty = kPenalty / count;
  const double rate = 1 / (penalty + 0.5 * static_cast<double>(size + 1));
  Plane plane{std::vector<double>(size, 0.0), 0};
  for (int step = 0; step < kSteps; ++step) {
    Plane gradient{std::vector<double>(size, 0.0), 0};
    add_gradient(gradient, plane, has_it, 1);
    add_gradient(gradient, plane, has_not, -1);
    for (std::size_t i = 0; i < size; ++i)
      plane.weights[i] -= rate * (gradient.weights[i] + penalty * plane.weights[i]);
    plane.offset -= rate * gradient.offset;
  }
  return with_norm(Latent(plane.weights.begin(), plane.weights.end()), 1.0F);
}

}  // namespace facemorph
