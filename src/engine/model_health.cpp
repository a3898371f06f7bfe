#include "engine/model_health.hpp"

#include "base/error.hpp"
#include "base/hardware.hpp"
#include "checkpoint/generator/generator.hpp"
#include "cpu/stage_values.hpp"
#include "engine/cpu_engine.hpp"
#include "latent/latent.hpp"
#include "torch/network/torch_network.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

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
constexpr double kLevels = 127.5;  // from a picture's bytes to values in [-1, 1]

/// Pictures in eval mode, and with the batch's own statistics.
struct Modes {
  std::vector<Image> eval;
  std::vector<Image> batch;
};

Modes run_in_both_modes(const LayerStack& stack, std::span<const Latent> latents, int threads) {
  const auto stages = dcgan_stages(stack);
  if (stages && !stages->stages.back().norm) {
    WorkerPool pool(threads);
    std::vector<Image> eval =
        CpuNetwork::generate_once(*stages, *best_kernels(NumberFormat::Float32), latents, pool);
    return {std::move(eval), pictures_with_batch_statistics(*stages, latents, pool)};
  }
  return {open_stack(stack, {Device::Cpu, threads})->pictures(latents),
          torch_batch_pictures(stack, latents, threads)};
}

/// Calls visit with place of every byte of colours.
template <typename Visit>
void for_colours(const Image& image, const Visit& visit) {
  for (std::size_t at = 0; at < image.rgba.size(); ++at)
    if (at % 4 != 3) visit(at);
}

double colours_of(const Image& image) {
  return static_cast<double>(image.rgba.size()) * 3 / 4;
}

/// Share of the bytes within one of black or white: |x| > 0.99.
double saturation(const std::vector<Image>& images) {
  std::size_t count = 0;
  for (const Image& image : images)
    for_colours(image, [&](std::size_t at) {
      count += image.rgba[at] < 2 || image.rgba[at] > 253 ? 1 : 0;
    });
  return static_cast<double>(count) / (static_cast<double>(images.size()) * colours_of(images[0]));
}

double spread_of(const std::vector<Image>& images) {
  double sum = 0;
  for_colours(images[0], [&](std::size_t at) {
    double mean = 0;
    double squares = 0;
    for (const Image& image : images) {
      const double x = image.rgba[at] / kLevels;
      mean += x / static_cast<double>(images.size());
      squares += x * x / static_cast<double>(images.size());
    }
    sum += std::sqrt(std::max(0.0, squares - mean * mean));
  });
  return sum / colours_of(images[0]);
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

ModelHealth check_health(const LayerStack& stack, int threads) {
  HealthFigures figures;
  figures.faces =
      static_cast<int>(std::clamp(kMostWork / multiplications(stack), 8.0, double{kFacesForThat}));
  const Modes modes =
      run_in_both_modes(stack, seed_latents(1'000'000, figures.faces, stack.nz), threads);
  figures.saturated = saturation(modes.eval);
  figures.spread = spread_of(modes.eval);
  figures.batch_difference = picture_error(modes.eval, modes.batch).mean / kLevels;
  figures.batch_saturated = saturation(modes.batch);
  figures.batch_spread = spread_of(modes.batch);
  return judge_health(figures);
}

std::optional<ModelHealth> check_health(const Model& model, int threads) {
  if (!model.network) return std::nullopt;
  try {
    return check_health(model.network->stack, threads);
  } catch (const Error& error) {
    throw Error(model.path.string() + ": " + error.what());
  }
}

std::shared_ptr<const Model> recalibrate_batch_norm(const Model& model, int samples) {
  auto result = std::make_shared<Model>(model);
  replace_statistics(*result->network,
                     reestimated(model.network->stack, samples, 2'000'000, choose_threads(0)));
  result->recalibrated = true;
  return result;
}

}  // namespace facemorph
