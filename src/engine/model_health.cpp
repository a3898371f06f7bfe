#include "engine/model_health.hpp"

#include "latent/latent.hpp"
#include "model/stack_network.hpp"

#include <cmath>

namespace facemorph {
namespace {

// A well-behaved generator differs between the two modes by little more than the noise of a small
// batch (0.05 to 0.1 on trained 64 px models); broken ones differ by as much as two strangers do.
constexpr double kFarApart = 0.25;
constexpr double kMuchSaturated = 0.35;
constexpr double kConstant = 0.02;
constexpr double kVaried = 0.05;

torch::Tensor random_latents(int count, int nz, std::uint64_t first_seed) {
  torch::Tensor latents = torch::empty({count, nz, 1, 1});
  float* out = latents.data_ptr<float>();
  for (int i = 0; i < count; ++i) {
    const Latent latent = seed_latent(first_seed + static_cast<std::uint64_t>(i), nz);
    out = std::copy(latent.begin(), latent.end(), out);
  }
  return latents;
}

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

ModelHealth judge_health(double saturated, double spread, double batch_difference,
                         double batch_saturated, double batch_spread) {
  ModelHealth health{saturated, spread, batch_difference, false, {}};
  const bool batch_is_fine = batch_spread > kVaried && batch_saturated < kMuchSaturated;
  std::string reason;
  if (saturated > kMuchSaturated && saturated > 2 * batch_saturated)
    reason = "the pictures are saturated";
  else if (spread < kConstant && batch_spread > kVaried)
    reason = "all faces come out nearly the same";
  else if (batch_difference > kFarApart && batch_is_fine)
    reason = "the pictures are far from those of training mode";
  if (reason.empty()) {
    health.text = "The stored statistics fit.";
    return health;
  }
  health.recalibrate = true;
  health.text = "With the stored statistics " + reason +
                ". Many checkpoints were only ever sampled in training mode; recalibrating "
                "estimates the statistics anew.";
  return health;
}

ModelHealth check_health(const LayerStack& stack) {
  const int count = stack.image_size <= 64 ? 32 : 8;
  const StackNetwork network(stack);
  const torch::Tensor latents = random_latents(count, stack.nz, 1'000'000);
  const torch::Tensor eval = network.forward(latents);
  const torch::Tensor batch = network.forward_with_batch_statistics(latents);
  const double difference = (eval.nan_to_num() - batch).abs().mean().item<double>();
  return judge_health(saturation(eval), spread_of(eval), difference, saturation(batch),
                      spread_of(batch));
}

std::shared_ptr<const Model> recalibrate_batch_norm(const Model& model, int samples) {
  constexpr int kBatch = 64;
  const StackNetwork network(model.network->stack);
  std::vector<torch::Tensor> batches;
  for (int start = 0; start < samples; start += kBatch)
    batches.push_back(
        random_latents(kBatch, model.arch.nz, 2'000'000 + static_cast<std::uint64_t>(start)));
  auto result = std::make_shared<Model>(model);
  result->network->stack = network.recalibrated(batches);
  store_statistics(result->network->stack, result->network->tensors);
  result->recalibrated = true;
  result->health = check_health(result->network->stack);
  return result;
}

}  // namespace facemorph
