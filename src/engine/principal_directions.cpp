#include "engine/principal_directions.hpp"

#include "engine/random_latents.hpp"
#include "model/script_network.hpp"
#include "model/stack_network.hpp"
#include "model/torch_errors.hpp"
#include "model/torch_threads.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace facemorph {
namespace {

constexpr std::uint64_t kFirstSeed = 6'000'000;
constexpr int kBatch = 50;
constexpr std::int64_t kGrid = 4;
constexpr std::int64_t kSpare = 8;  ///< columns more than asked for make the estimate exact enough
constexpr int kPowerSteps = 3;

/// The layers up to the second activation.
LayerStack first_layers(const LayerStack& stack) {
  LayerStack head = stack;
  int activations = 0;
  for (std::size_t i = 0; i < stack.layers.size(); ++i)
    if (std::holds_alternative<ActivationLayer>(stack.layers[i]) && ++activations == 2)
      head.layers.resize(i + 1);
  return head;
}

using Forward = std::function<torch::Tensor(const torch::Tensor&)>;

Forward features_of(const Model& model) {
  if (model.network)
    return [network = StackNetwork(first_layers(model.network->stack))](const torch::Tensor& z) {
      return network.forward(z);
    };
  const auto script =
      std::make_shared<ScriptNetwork>(model.torchscript, model.arch.nz, torch::kCPU);
  return [script](const torch::Tensor& z) { return script->forward(z); };
}

torch::Tensor small(const torch::Tensor& features) {
  if (features.dim() == 4 && features.size(2) > kGrid)
    return at::adaptive_avg_pool2d(features, {kGrid, kGrid}).flatten(1);
  return features.flatten(1);
}

/// The scores of the strongest components, each of variance 1: [faces, count], by a randomised
/// range finder with power steps (Halko et al. 2011, algorithm 4.4).
std::pair<torch::Tensor, torch::Tensor> scores_of(const torch::Tensor& features,
                                                  std::int64_t count) {
  const torch::Tensor centred = features - features.mean(0, true);
  const std::int64_t columns = std::min({count + kSpare, centred.size(0), centred.size(1)});
  at::Generator generator = at::detail::createCPUGenerator(1);
  torch::Tensor range =
      at::matmul(centred, at::randn({centred.size(1), columns}, generator, centred.options()));
  for (int i = 0; i < kPowerSteps; ++i) {
    range = std::get<0>(at::linalg_qr(range));
    range = at::matmul(centred, at::matmul(centred.t(), range));
  }
  range = std::get<0>(at::linalg_qr(range));
  const auto [left, strengths, right] = at::linalg_svd(at::matmul(range.t(), centred), false);
  const std::int64_t kept = std::min(count, columns);
  const auto faces = static_cast<double>(centred.size(0));
  const torch::Tensor scores = at::matmul(range, left.narrow(1, 0, kept)) * std::sqrt(faces);
  const torch::Tensor shares =
      strengths.narrow(0, 0, kept).square() / centred.square().sum().clamp_min(1e-12);
  return {scores, shares};
}

/// Regression of latents on scores that are uncorrelated and of variance 1: plain means.
std::vector<PrincipalDirection> directions_of(const torch::Tensor& latents,
                                              const torch::Tensor& scores,
                                              const torch::Tensor& shares) {
  std::vector<PrincipalDirection> result;
  const torch::Tensor ways = at::matmul(scores.t(), latents) / static_cast<double>(latents.size(0));
  for (std::int64_t i = 0; i < ways.size(0); ++i) {
    torch::Tensor way = ways[i];
    const double length = way.norm().item<double>();
    if (!(length > 1e-6)) continue;  // varies, but not with the latent
    way = (way / (way.sum().item<double>() < 0 ? -length : length)).contiguous();
    const float* values = way.data_ptr<float>();
    result.push_back({{values, values + way.numel()}, shares[i].item<float>()});
  }
  return result;
}

}  // namespace

std::vector<PrincipalDirection> find_principal_directions(
    const Model& model, const PrincipalOptions& options,
    const std::function<void(double)>& progress, const std::stop_token& stop) {
  return with_plain_errors("The directions cannot be found", [&] {
    const c10::InferenceMode inference;
    use_threads(1);  // beside a window
    const torch::Tensor latents = random_latents(options.faces, model.arch.nz, kFirstSeed);
    const Forward features = features_of(model);
    std::vector<torch::Tensor> parts;
    for (std::int64_t begin = 0; begin < latents.size(0); begin += kBatch) {
      if (stop.stop_requested()) return std::vector<PrincipalDirection>{};
      parts.push_back(small(features(
          latents.narrow(0, begin, std::min<std::int64_t>(kBatch, latents.size(0) - begin)))));
      if (progress) progress(static_cast<double>(begin) / static_cast<double>(latents.size(0)));
    }
    const auto [scores, shares] = scores_of(at::cat(parts), options.count);
    return directions_of(latents.flatten(1), scores, shares);
  });
}

}  // namespace facemorph
