#include "engine/reading.hpp"

#include "engine/agreement.hpp"
#include "engine/hardware.hpp"
#include "engine/output_reading.hpp"
#include "engine/random_latents.hpp"
#include "model/stack_network.hpp"
#include "model/torch_threads.hpp"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace facemorph {
namespace {

constexpr std::uint64_t kFirstSeed = 3'000'000;
constexpr std::size_t kAllNorms = Agreement::kAllNorms;
/// Below, a reading reproduces the statistics as well as a few random latents can show.
constexpr double kGoodFit = 0.04;
/// Above, no reading reproduces them: they are broken, and say nothing.
constexpr double kNoFit = 0.12;
/// The least that a less usual value must fit better to be taken.
constexpr double kHabit = 5e-4;
/// How many times better a value must fit for others not to be looked at any closer.
constexpr double kClear = 10;
/// A few faces show a mismatch up to their noise.
constexpr int kGlanceFaces = 8;
constexpr double kWorthALook = 2;
constexpr double kNoise = 0.05;
constexpr std::size_t kFewCandidates = 4;
/// Of networks where every try takes its time.
constexpr std::size_t kMostPlansOfLarge = 12;

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

/// A reading to try.
struct Candidate {
  Assumptions reading;
  double habit = 0;       ///< how much better than others it must fit
  double first_look = 0;  ///< its mismatch on a few faces
};

class Reader {
 public:
  Reader(OpenedGenerator& generator, const Assumptions& fixed)
      : generator_(generator), fixed_(fixed), chosen_(generator.assumptions) {
    const double face = work(generator.stack);
    const auto faces = [&](double budget) {
      const bool few =
          generator.draft.find("geometry") != nullptr && !generator.draft.find("class");
      return static_cast<int>(std::clamp(budget / std::max(face, 1.0), 8.0, few ? 48.0 : 256.0));
    };
    large_ = face > 2e7;
    use_threads(large_ ? choose_threads(0) : 1);
    latents_ = random_latents(faces(4e8), generator.stack.nz, kFirstSeed);
    many_.emplace(generator.draft, latents_);
    glance_.emplace(generator.draft,
                    latents_.narrow(0, 0, std::min<std::int64_t>(latents_.size(0), kGlanceFaces)));
    few_.emplace(generator.draft,
                 latents_.narrow(
                     0, 0, std::min<std::int64_t>(latents_.size(0), std::max(4, faces(2e8) / 2))));
    for (const Layer& layer : generator.stack.layers)
      if (const auto* norm = std::get_if<BatchNormLayer>(&layer); norm && tells_something(*norm))
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
    if (key == "geometry" && large_ && result.size() > kMostPlansOfLarge)
      result.resize(kMostPlansOfLarge);
    return result;
  }

  /// Enlargements change all that follows, so that each kind is searched for itself.
  void search() {
    double least = std::numeric_limits<double>::max();
    Assumptions best = chosen_;
    const Assumptions start = chosen_;
    std::vector<std::string> upsampling = options("upsampling");
    if (upsampling.empty()) upsampling.emplace_back();
    for (std::size_t i = 0; i < upsampling.size() && least > kGoodFit; ++i) {
      chosen_ = start;
      if (!upsampling[i].empty()) chosen_["upsampling"] = upsampling[i];
      search_layers();
      const double found =
          with_habit(few_->mismatch(chosen_, kAllNorms, least), surprise("upsampling", i));
      if (found >= least) continue;
      least = found;
      best = chosen_;
    }
    if (least > kNoFit) {
      chosen_ = start;
      return;
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
    improve({"latent", "conditioning"}, 1, *many_);
    if (many_->mismatch(chosen_, 1) > kGoodFit)
      improve({"latent", "conditioning", "order", "activation"}, 1, *many_);
    if (large_ && few_->mismatch(chosen_, kAllNorms) < kGoodFit) return;
    // Activations and sizes each hide the other: begin with the one, then with the other.
    const Assumptions start = chosen_;
    search_activations();
    improve({"geometry"}, kAllNorms, *few_);
    search_activations();
    const Assumptions by_activation = chosen_;
    const double least = few_->mismatch(chosen_, kAllNorms);
    if (least < kGoodFit) return;
    chosen_ = start;
    improve({"geometry"}, kAllNorms, *few_);
    search_activations();
    if (with_habit(few_->mismatch(chosen_, kAllNorms, least), kHabit) > least)
      chosen_ = by_activation;
  }

  void search_activations() {
    improve({"activation", "first_activation", "epsilon"}, 2, *few_);
    // Without an activation behind the first layer, the third norm is the first to feel it.
    if (chosen_["first_activation"] == "none") improve({"activation", "epsilon"}, 3, *few_);
  }

  /// Tries every combination of the values of some choices.
  void improve(const std::vector<std::string>& keys, std::size_t norms, Agreement& agreement) {
    double least = std::numeric_limits<double>::max();
    Assumptions best = chosen_;
    for (const Candidate& candidate : promising(keys, norms)) {
      if (large_ && keys.size() == 1 && least < kGoodFit) break;
      const double found =
          with_habit(agreement.mismatch(candidate.reading, norms, least), candidate.habit);
      if (found >= least) continue;
      least = found;
      best = candidate.reading;
    }
    chosen_ = best;
  }

  /// Combinations that a look at a few faces leaves over, the best first.
  std::vector<Candidate> promising(const std::vector<std::string>& keys, std::size_t norms) {
    std::vector<Candidate> candidates;
    combine(keys, 0, {chosen_, 0, 0}, candidates);
    if (large_ || candidates.size() <= kFewCandidates) return candidates;
    double least = std::numeric_limits<double>::max();
    for (Candidate& candidate : candidates) {
      const double bound = kWorthALook * least + kNoise;
      candidate.first_look =
          with_habit(glance_->mismatch(candidate.reading, norms, bound), candidate.habit);
      least = std::min(least, candidate.first_look);
    }
    std::erase_if(candidates, [&](const Candidate& candidate) {
      return candidate.first_look > kWorthALook * least + kNoise;
    });
    std::ranges::stable_sort(candidates, {}, &Candidate::first_look);
    return candidates;
  }

  void combine(const std::vector<std::string>& keys, std::size_t index, const Candidate& begun,
               std::vector<Candidate>& candidates) const {
    if (index == keys.size()) {
      candidates.push_back(begun);
      return;
    }
    const std::vector<std::string> values = options(keys[index]);
    if (values.empty()) return combine(keys, index + 1, begun, candidates);
    for (std::size_t i = 0; i < values.size(); ++i) {
      Candidate next = begun;
      next.reading[keys[index]] = values[i];
      next.habit += surprise(keys[index], i);
      combine(keys, index + 1, next, candidates);
    }
  }

  /// How much better an option must fit than the likeliest one, to be taken.
  double surprise(const std::string& key, std::size_t option) const {
    const auto& plans = generator_.draft.geometries;
    if (option == 0) return 0;
    if (key == "geometry" && option < plans.size())
      return kHabit * (1 + 2 * (plans[option].surprise - plans.front().surprise));
    return kHabit;
  }
  /// Costs are noisy; the noise grows with them.
  static double with_habit(double cost, double surprise) {
    return surprise > 0 ? 1.05 * cost + surprise : cost;
  }

  /// Tries every value of one choice beside the others as they stand, and says how clear it was.
  void decide(const std::string& key, std::size_t norms) {
    const std::vector<std::string> values = options(key);
    if (values.size() < 2) return;
    // Behind the first norms come large maps, which need fewer faces to tell as much.
    Agreement& agreement = norms <= 2 ? *many_ : *few_;
    double best = std::numeric_limits<double>::max();
    double second = best;
    std::string winner;
    for (std::size_t i = 0; i < values.size(); ++i) {
      Assumptions candidate = chosen_;
      candidate[key] = values[i];
      const double found =
          with_habit(agreement.mismatch(candidate, norms, kClear * best), surprise(key, i));
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

  /// The last activation shows in the values that go into it.
  void choose_output() {
    if (fixed_.contains("output") && fixed_.contains("range")) return;
    if (fixed_.contains("output")) return;
    Assumptions bare = generator_.assumptions;
    bare["output"] = "none";
    bare["range"] = "-1..1";
    const StackNetwork network(build_stack(generator_.draft, bare));
    OutputReading output = read_output(network.forward_with_batch_statistics(
        latents_.narrow(0, 0, std::min<std::int64_t>(latents_.size(0), 16))));
    // Nobody leaves out the tanh of a network that is the tutorial's in all else.
    if (generator_.is_tutorial() && output.output == "none" && output.range == "-1..1")
      output = {"tanh", "-1..1", {0.6, Basis::Habit}};
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
  torch::Tensor latents_;
  std::optional<Agreement> many_;  ///< on all latents
  std::optional<Agreement> few_;   ///< on some of them
  std::optional<Agreement> glance_;
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
