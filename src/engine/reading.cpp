#include "engine/reading.hpp"

#include "engine/hardware.hpp"
#include "engine/output_reading.hpp"
#include "engine/random_latents.hpp"
#include "model/stack_network.hpp"
#include "model/torch_threads.hpp"

#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace facemorph {
namespace {

constexpr std::uint64_t kFirstSeed = 3'000'000;
constexpr std::size_t kAllNorms = std::numeric_limits<std::size_t>::max();
/// Below, a reading reproduces the statistics as well as a few random latents can show.
constexpr double kGoodFit = 0.04;
/// The least that a less usual value must fit better to be taken.
constexpr double kHabit = 5e-4;
constexpr double kMostMismatch = 4;  // of a channel, so that a few dead ones do not decide
/// Plans less likely than this are not tried.
constexpr std::size_t kMostPlans = 24;

bool usable(const BatchNormLayer& norm) {
  bool initial = true;
  for (std::size_t i = 0; i < norm.running_mean.size(); ++i) {
    if (!std::isfinite(norm.running_mean[i]) || !std::isfinite(norm.running_var[i]) ||
        norm.running_var[i] < 0)
      return false;
    initial = initial && norm.running_mean[i] == 0 && norm.running_var[i] == 1;
  }
  return !norm.running_mean.empty() && !initial;
}

/// How far statistics of a batch are from the stored ones: mean over channels.
double mismatch(const BatchNormLayer& norm, const NormStatistics& seen) {
  const torch::Tensor mean = seen.mean.contiguous();
  const torch::Tensor variance = seen.variance.contiguous();
  double sum = 0;
  for (std::size_t i = 0; i < norm.running_mean.size(); ++i) {
    const double stored = static_cast<double>(norm.running_var[i]) + 1e-8;
    const double now = static_cast<double>(variance.data_ptr<float>()[i]) + 1e-8;
    const double shift = static_cast<double>(mean.data_ptr<float>()[i]) - norm.running_mean[i];
    const double ratio = std::log(now / stored);
    const double distance = shift * shift / stored + 0.5 * ratio * ratio;
    sum += std::isfinite(distance) ? std::min(distance, kMostMismatch) : kMostMismatch;
  }
  return sum / static_cast<double>(norm.running_mean.size());
}

/// Statistics of several equal batches taken together.
std::vector<NormStatistics> pooled(const std::vector<std::vector<NormStatistics>>& batches) {
  std::vector<NormStatistics> result = batches.front();
  for (std::size_t norm = 0; norm < result.size(); ++norm) {
    torch::Tensor mean = at::zeros_like(result[norm].mean);
    torch::Tensor square = mean.clone();
    for (const auto& batch : batches) {
      mean += batch[norm].mean;
      square += batch[norm].variance + batch[norm].mean.square();
    }
    const auto count = static_cast<double>(batches.size());
    result[norm].mean = mean / count;
    result[norm].variance = square / count - (mean / count).square();
  }
  return result;
}

/// Multiplications that a face costs.
double work(const LayerStack& stack) {
  double side = 1;
  double sum = 0;
  for (const Layer& layer : stack.layers) {
    if (const auto* view = std::get_if<ReshapeLayer>(&layer)) side = view->height;
    if (const auto* up = std::get_if<UpsampleLayer>(&layer)) side *= up->factor;
    if (const auto* linear = std::get_if<LinearLayer>(&layer))
      sum += static_cast<double>(linear->weight.size());
    if (const auto* conv = std::get_if<ConvTranspose2dLayer>(&layer)) {
      sum += static_cast<double>(conv->weight.size()) * side * side;
      side = (side - 1) * conv->stride - 2 * conv->padding + conv->kernel + conv->output_padding;
    }
    if (const auto* conv = std::get_if<Conv2dLayer>(&layer))
      sum += static_cast<double>(conv->weight.size()) * side * side;
  }
  return sum;
}

class Reader {
 public:
  Reader(OpenedGenerator& generator, const Assumptions& fixed)
      : generator_(generator), fixed_(fixed), chosen_(generator.assumptions) {
    const double face = work(generator.stack);
    const auto faces = [&](double budget) {
      const bool maps = generator.draft.find("geometry") != nullptr;
      return static_cast<int>(std::clamp(budget / std::max(face, 1.0), 8.0, maps ? 48.0 : 256.0));
    };
    large_ = face > 2e7;
    use_threads(large_ ? choose_threads(0) : 1);
    many_ = random_latents(faces(4e8), generator.stack.nz, kFirstSeed);
    few_ = many_.narrow(0, 0, std::min<std::int64_t>(many_.size(0), std::max(4, faces(2e8) / 2)));
    for (const Layer& layer : generator.stack.layers)
      if (const auto* norm = std::get_if<BatchNormLayer>(&layer); norm && usable(*norm))
        statistics_ = true;
  }

  Certainties run() {
    for (const Choice& choice : generator_.draft.choices)
      note(choice.key, certainty_of(choice));
    if (statistics_) search();
    assume(generator_, chosen_);
    choose_output();
    return std::move(certainties_);
  }

 private:
  Certainty certainty_of(const Choice& choice) const {
    if (fixed_.contains(choice.key)) return {1, Basis::Chosen};
    if (choice.options.size() == 1) return {1, Basis::Stated};
    return {0.5, Basis::Habit};
  }
  void note(const std::string& key, Certainty certainty) { certainties_[key] = certainty; }

  /// Values to try; one for a choice that is made already.
  std::vector<std::string> options(const std::string& key) const {
    const Choice* choice = generator_.draft.find(key);
    if (choice == nullptr) return {};
    if (fixed_.contains(key)) return {chosen_.at(key)};
    std::vector<std::string> result = choice->options;
    if (key == "geometry" && result.size() > kMostPlans) result.resize(kMostPlans);
    return result;
  }

  /// Enlargements change all that follows, so that each kind is searched for itself.
  void search() {
    double least = std::numeric_limits<double>::max();
    Assumptions best = chosen_;
    const Assumptions start = chosen_;
    std::vector<std::string> upsampling = options("upsampling");
    if (upsampling.empty()) upsampling.emplace_back();
    for (std::size_t i = 0; i < upsampling.size() && !(large_ && least < kGoodFit); ++i) {
      chosen_ = start;
      if (!upsampling[i].empty()) chosen_["upsampling"] = upsampling[i];
      search_layers();
      const double found = cost(chosen_, kAllNorms, few_) + kHabit * (i > 0 ? 1 : 0);
      if (found >= least) continue;
      least = found;
      best = chosen_;
    }
    chosen_ = best;
    decide("latent", 1);
    decide("conditioning", 1);
    decide("order", 2);
    decide("activation", 3);
    decide("first_activation", 2);
    decide("epsilon", 3);
    decide("upsampling", kAllNorms);
    if (!large_ || least > kGoodFit) decide("geometry", kAllNorms);
  }

  /// Each step tries every combination of a few choices on the norms that tell them apart, unless
  /// what was found before fits already.
  void search_layers() {
    improve({"latent", "conditioning"}, 1, many_);
    if (cost(chosen_, 1, many_) > kGoodFit)
      improve({"latent", "conditioning", "order", "activation"}, 1, many_);
    improve({"geometry"}, kAllNorms, few_);
    if (cost(chosen_, kAllNorms, few_) < kGoodFit) return;
    improve({"activation", "first_activation", "epsilon"}, 2, few_);
    const Assumptions before = chosen_;
    improve({"geometry"}, kAllNorms, few_);
    if (chosen_ != before) improve({"activation", "first_activation", "epsilon"}, 2, few_);
    // Without an activation behind the first layer, the third norm is the first to feel it.
    if (chosen_["first_activation"] == "none") improve({"activation", "epsilon"}, 3, few_);
  }

  void improve(const std::vector<std::string>& keys, std::size_t norms,
               const torch::Tensor& latents) {
    double least = std::numeric_limits<double>::max();
    Assumptions best = chosen_;
    combine(keys, 0, chosen_, 0, [&](const Assumptions& candidate, double habit) {
      if (large_ && keys.size() == 1 && least < kGoodFit) return;
      const double found = cost(candidate, norms, latents) + habit;
      if (found >= least) return;
      least = found;
      best = candidate;
    });
    chosen_ = best;
  }

  void combine(const std::vector<std::string>& keys, std::size_t index, Assumptions candidate,
               double habit, const auto& visit) const {
    if (index == keys.size()) return visit(candidate, habit);
    const std::vector<std::string> values = options(keys[index]);
    if (values.empty()) return combine(keys, index + 1, candidate, habit, visit);
    for (std::size_t i = 0; i < values.size(); ++i) {
      candidate[keys[index]] = values[i];
      combine(keys, index + 1, candidate, habit + kHabit * (i > 0 ? 1 : 0), visit);
    }
  }

  /// Tries every value of one choice beside the others as they stand, and says how clear it was.
  void decide(const std::string& key, std::size_t norms) {
    const std::vector<std::string> values = options(key);
    if (values.size() < 2) return;
    double best = std::numeric_limits<double>::max();
    double second = best;
    std::string winner;
    for (std::size_t i = 0; i < values.size(); ++i) {
      Assumptions candidate = chosen_;
      candidate[key] = values[i];
      const double found = cost(candidate, norms, many_) + kHabit * (i > 0 ? 1 : 0);
      if (found < best) {
        second = best;
        best = found;
        winner = values[i];
      } else {
        second = std::min(second, found);
      }
    }
    chosen_[key] = winner;
    const double clear = 1 - (best + kHabit) / (second + kHabit);
    if (clear > 0.1) note(key, {std::clamp(0.5 + clear / 2, 0.5, 0.99), Basis::Statistics});
  }

  /// How badly the stored statistics agree with a reading: a mean over its first norms.
  double cost(const Assumptions& candidate, std::size_t norms, const torch::Tensor& latents) {
    const LayerStack stack = build_stack(generator_.draft, candidate);
    const std::vector<NormStatistics> seen = statistics(candidate, stack, norms, latents);
    double sum = 0;
    std::size_t index = 0;
    std::size_t count = 0;
    for (const Layer& layer : stack.layers) {
      const auto* norm = std::get_if<BatchNormLayer>(&layer);
      if (norm == nullptr || index == seen.size()) continue;
      if (usable(*norm)) {
        sum += mismatch(*norm, seen[index]);
        ++count;
      }
      ++index;
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
  }

  /// Training saw all classes, so a conditional network's statistics are those of several.
  std::vector<NormStatistics> statistics(Assumptions candidate, const LayerStack& stack,
                                         std::size_t norms, const torch::Tensor& latents) {
    const auto run = [&](const LayerStack& layers) {
      return StackNetwork(layers, torch::kCPU, &cache_).batch_statistics(latents, norms);
    };
    const Choice* classes = generator_.draft.find("class");
    if (classes == nullptr || norms > 1) return run(stack);
    constexpr std::size_t kMostClasses = 10;
    const std::size_t step = (classes->options.size() + kMostClasses - 1) / kMostClasses;
    std::vector<std::vector<NormStatistics>> each;
    for (std::size_t i = 0; i < classes->options.size(); i += step) {
      candidate["class"] = classes->options[i];
      each.push_back(run(build_stack(generator_.draft, candidate)));
    }
    return pooled(each);
  }

  /// The last activation shows in the values that go into it.
  void choose_output() {
    if (fixed_.contains("output") && fixed_.contains("range")) return;
    if (fixed_.contains("output")) return;
    Assumptions bare = generator_.assumptions;
    bare["output"] = "none";
    bare["range"] = "-1..1";
    const StackNetwork network(build_stack(generator_.draft, bare), torch::kCPU, &cache_);
    const OutputReading output = read_output(network.forward_with_batch_statistics(
        few_.narrow(0, 0, std::min<std::int64_t>(few_.size(0), 16))));
    Assumptions found = {{"output", output.output}, {"range", output.range}};
    if (const auto range = fixed_.find("range"); range != fixed_.end())
      found["range"] = range->second;
    else
      note("range", output.certainty);
    assume(generator_, found);
    note("output", output.certainty);
  }

  OpenedGenerator& generator_;
  const Assumptions& fixed_;
  Assumptions chosen_;
  Certainties certainties_;
  torch::Tensor many_;
  torch::Tensor few_;
  OperationCache cache_;
  bool statistics_ = false;
  bool large_ = false;  ///< so that not everything can be tried
};

}  // namespace

std::string_view basis_text(Basis basis) {
  switch (basis) {
    case Basis::Stated:
      return "the file says so";
    case Basis::Statistics:
      return "fits the stored statistics best";
    case Basis::Values:
      return "by the values that come out";
    case Basis::Habit:
      return "a guess: most networks have it";
    case Basis::Chosen:
      return "chosen by you";
  }
  return "";
}

Certainties choose_reading(OpenedGenerator& generator, const Assumptions& fixed) {
  if (generator.draft.choices.empty()) return {};
  for (const Choice& choice : generator.draft.choices)
    generator.assumptions[choice.key] = choice.options.front();
  assume(generator, fixed);
  return Reader(generator, fixed).run();
}

}  // namespace facemorph
