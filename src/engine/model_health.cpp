#include "engine/model_health.hpp"

#include "checkpoint/generator.hpp"
#include "engine/hardware.hpp"
#include "engine/random_latents.hpp"
#include "model/stack_network.hpp"
#include "model/torch_threads.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

// On a trained 64 px generator the two modes differ by 0.05, the noise of a batch of 32; with both
// statistics at 0 and 1 by 0.3; with the means alone at 0, or one layer lost, by 0.17 and more.
constexpr double kFarApart = 0.15;
constexpr int kFacesForThat = 32;
constexpr double kMostWork = 3.3e9;  // multiplications
constexpr double kMuchSaturated = 0.35;
constexpr double kConstant = 0.02;
constexpr double kVaried = 0.05;

double saturation(const torch::Tensor& images) {
  return images.abs()
      .gt(0.99)
      .logical_or(images.isfinite().logical_not())
      .to(torch::kFloat64)
      .mean()
      .item<double>();
}

double spread_of(const torch::Tensor& images) {
  return images.nan_to_num().std(0, false).mean().item<double>();
}

}  // namespace

ModelHealth judge_health(const HealthFigures& figures) {
  ModelHealth health{figures.saturated, figures.spread, figures.batch_difference, false, {}};
  const double far_apart =
      kFarApart * std::sqrt(kFacesForThat / static_cast<double>(figures.faces));
  const bool batch_is_fine =
      figures.batch_spread > kVaried && figures.batch_saturated < kMuchSaturated;
  std::string reason;
  if (figures.saturated > kMuchSaturated && figures.saturated > 2 * figures.batch_saturated)
    reason = "the pictures are saturated";
  else if (figures.spread < kConstant && figures.batch_spread > kVaried)
    reason = "all faces come out nearly the same";
  else if (figures.batch_difference > far_apart && batch_is_fine)
    reason = "the pictures are far from those of training mode";
  health.recalibrate = !reason.empty();
  health.text = reason.empty() ? "The stored statistics fit."
                               : "With the stored statistics " + reason +
                                     ". Many checkpoints were only ever sampled in training mode; "
                                     "recalibrating estimates the statistics anew.";
  return health;
}

ModelHealth check_health(const LayerStack& stack) {
  use_threads(choose_threads(0));
  HealthFigures figures;
  figures.faces =
      static_cast<int>(std::clamp(kMostWork / multiplications(stack), 8.0, double{kFacesForThat}));
  const StackNetwork network(stack);
  const torch::Tensor latents = random_latents(figures.faces, stack.nz, 1'000'000);
  const torch::Tensor eval = network.forward(latents);
  const torch::Tensor batch = network.forward_with_batch_statistics(latents);
  figures.saturated = saturation(eval);
  figures.spread = spread_of(eval);
  figures.batch_difference = (eval.nan_to_num() - batch).abs().mean().item<double>();
  figures.batch_saturated = saturation(batch);
  figures.batch_spread = spread_of(batch);
  return judge_health(figures);
}

std::shared_ptr<const Model> recalibrate_batch_norm(const Model& model, int samples) {
  constexpr int kBatch = 64;
  use_threads(choose_threads(0));
  std::vector<torch::Tensor> batches;
  for (int start = 0; start < samples; start += kBatch)
    batches.push_back(
        random_latents(kBatch, model.arch.nz, 2'000'000 + static_cast<std::uint64_t>(start)));
  auto result = std::make_shared<Model>(model);
  replace_statistics(*result->network, recalibrated(model.network->stack, batches));
  result->recalibrated = true;
  result->health = check_health(result->network->stack);
  return result;
}

}  // namespace facemorph
