#include "engine/principal_directions.hpp"

#include "base/error.hpp"
#include "cpu/stage_values.hpp"
#include "torch/network/torch_network.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <random>

namespace facemorph {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::uint64_t kFirstSeed = 6'000'000;
constexpr int kBatch = 16;
constexpr int kGrid = 4;
constexpr Eigen::Index kSpare = 8;  ///< columns more than asked for make the estimate exact enough
constexpr int kPowerSteps = 3;
constexpr std::size_t kActivations = 2;  ///< behind which features are taken

/// The layers up to that activation.
LayerStack first_layers(const LayerStack& stack) {
  LayerStack head = stack;
  std::size_t activations = 0;
  for (std::size_t i = 0; i < stack.layers.size(); ++i)
    if (std::holds_alternative<ActivationLayer>(stack.layers[i]) && ++activations == kActivations)
      head.layers.resize(i + 1);
  return head;
}

using Features = std::function<FeatureMaps(std::span<const Latent>)>;

/// With one thread: it runs beside a window.
Features features_of(const Model& model) {
  if (!model.network)
    return [script = std::shared_ptr(open_script(model.torchscript, model.arch.nz, {}))](
               std::span<const Latent> latents) { return script->values(latents); };
  const LayerStack& stack = model.network->stack;
  const auto stages = dcgan_stages(stack);
  if (!stages || stages->stages.size() <= kActivations)
    return [head = std::shared_ptr(open_stack(first_layers(stack), {}))](
               std::span<const Latent> latents) { return head->values(latents); };
  const auto network = std::make_shared<CpuNetwork>(*stages, *best_kernels(NumberFormat::Float32));
  const auto pool = std::make_shared<WorkerPool>(1);
  return [stages = *stages, network, pool](std::span<const Latent> latents) {
    return maps_behind(*network, stages, kActivations - 1, latents, *pool);
  };
}

/// Averages of at most kGrid x kGrid cells of a map: cell i of n values goes from floor(i n / grid)
/// to ceil((i + 1) n / grid).
void add_cells(const float* map, int height, int width, float*& out) {
  const int rows = std::min(height, kGrid);
  const int columns = std::min(width, kGrid);
  const auto begin = [](int cell, int n, int cells) { return cell * n / cells; };
  const auto end = [](int cell, int n, int cells) { return ((cell + 1) * n + cells - 1) / cells; };
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      float sum = 0;
      int count = 0;
      for (int y = begin(row, height, rows); y < end(row, height, rows); ++y)
        for (int x = begin(column, width, columns); x < end(column, width, columns); ++x, ++count)
          sum += map[y * width + x];
      *out++ = sum / static_cast<float>(count);
    }
}

/// [count, features]
Matrix small(const FeatureMaps& maps) {
  const auto cells = static_cast<Eigen::Index>(std::min(maps.height, kGrid)) *
                     std::min(maps.width, kGrid) * maps.channels;
  Matrix rows(static_cast<Eigen::Index>(maps.count), cells);
  float* out = rows.data();
  const std::size_t size =
      static_cast<std::size_t>(maps.height) * static_cast<std::size_t>(maps.width);
  for (std::size_t at = 0; at < maps.values.size(); at += size)
    add_cells(maps.values.data() + at, maps.height, maps.width, out);
  return rows;
}

/// An orthonormal basis of the columns' span.
Matrix basis_of(const Matrix& columns) {
  const Eigen::HouseholderQR<Matrix> qr(columns);
  return qr.householderQ() * Matrix::Identity(columns.rows(), columns.cols());
}

struct Components {
  Matrix scores;           ///< [faces, count], each of variance 1
  Eigen::VectorXf shares;  ///< of the variance
};

/// The strongest components, by a randomised range finder with power steps (Halko et al. 2011,
/// algorithm 4.4).
Components strongest(Matrix features, Eigen::Index count) {
  features.rowwise() -= features.colwise().mean().eval();
  const Eigen::Index columns = std::min({count + kSpare, features.rows(), features.cols()});
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  Matrix range =
      features * Matrix::NullaryExpr(features.cols(), columns, [&] { return normal(random); });
  for (int i = 0; i < kPowerSteps; ++i)
    range = features * (features.transpose() * basis_of(range)).eval();
  range = basis_of(range);
  const Matrix projected = range.transpose() * features;  // few rows
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(projected * projected.transpose());
  const Eigen::Index kept = std::min(count, columns);  // the solver's order is ascending
  const Matrix left = solver.eigenvectors().rightCols(kept).rowwise().reverse();
  const auto faces = static_cast<float>(features.rows());
  return {range * left * std::sqrt(faces), solver.eigenvalues().tail(kept).reverse().cwiseMax(0) /
                                               std::max(features.squaredNorm(), 1e-12F)};
}

/// Regression of latents on scores that are uncorrelated and of variance 1: plain means.
std::vector<PrincipalDirection> directions_of(const Matrix& latents, const Components& found) {
  std::vector<PrincipalDirection> result;
  const Matrix ways = found.scores.transpose() * latents / static_cast<float>(latents.rows());
  for (Eigen::Index i = 0; i < ways.rows(); ++i) {
    Eigen::RowVectorXf way = ways.row(i);
    const float length = way.norm();
    if (!(length > 1e-6F)) continue;  // varies, but not with the latent
    way /= way.sum() < 0 ? -length : length;
    result.push_back({{way.begin(), way.end()}, found.shares[i]});
  }
  return result;
}

Matrix as_rows(std::span<const Latent> latents) {
  Matrix rows(static_cast<Eigen::Index>(latents.size()),
              static_cast<Eigen::Index>(latents.front().size()));
  float* out = rows.data();
  for (const Latent& latent : latents)
    out = std::ranges::copy(latent, out).out;
  return rows;
}

}  // namespace

std::vector<PrincipalDirection> find_principal_directions(
    const Model& model, const PrincipalOptions& options,
    const std::function<void(double)>& progress, const std::stop_token& stop) {
  const std::vector<Latent> latents = seed_latents(kFirstSeed, options.faces, model.arch.nz);
  const Features features_at = features_of(model);
  Matrix features;
  for (std::size_t first = 0; first < latents.size(); first += kBatch) {
    if (stop.stop_requested()) return {};
    const std::size_t count = std::min<std::size_t>(kBatch, latents.size() - first);
    const Matrix part = small(features_at(std::span(latents).subspan(first, count)));
    if (first == 0) features.resize(options.faces, part.cols());
    features.middleRows(static_cast<Eigen::Index>(first), part.rows()) = part;
    if (progress) progress(static_cast<double>(first) / static_cast<double>(latents.size()));
  }
  if (!features.allFinite()) throw Error("The network gives values that are no numbers.");
  return directions_of(as_rows(latents), strongest(std::move(features), options.count));
}

}  // namespace facemorph
