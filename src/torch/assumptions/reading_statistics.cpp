#include "torch/assumptions/reading_statistics.hpp"

#include "torch/assumptions/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace facemorph {
namespace {

constexpr std::size_t kAllNorms = Agreement::kAllNorms;
/// Below, a reading reproduces the statistics as well as a few random latents can show.
constexpr double kGoodFit = 0.04;
/// Below, no other reading could do better.
constexpr double kExactFit = 0.01;
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
constexpr std::size_t kUsualActivations = 2;
/// What fits up to this many times worse than the best is compared again on many faces, on which
/// the right one always fits better: as do ReLU and LeakyReLU(0.01) on few.
constexpr double kClose = 2;
constexpr double kHabitOnMany = 1.03;
/// Hardly anyone sets epsilon, and it leaves little trace.
constexpr double kHabitOfEpsilonOnMany = 1.5;
constexpr std::int64_t kFewFacesOfLarge = 4;
constexpr std::size_t kFewCandidates = 4;
/// Of networks where every try takes its time.
constexpr std::size_t kMostPlansOfLarge = 12;

/// A reading to try.
struct Candidate {
  Assumptions reading;
  double habit = 0;       ///< how much better than others it must fit
  double first_look = 0;  ///< its mismatch on a few faces
};

class StatisticsSearch {
 public:
  StatisticsSearch(ReadingChoices& choices, const ReadingLatents& latents, bool large)
      : choices_(choices),
        large_(large),
        all_(choices.draft(), latents.all),
        many_(choices.draft(), first(latents.all, latents.usual)),
        few_(choices.draft(), first(latents.all, large ? kFewFacesOfLarge : latents.usual / 2)),
        glance_(choices.draft(), first(latents.all, kGlanceFaces)) {}

  /// Enlargements change all that follows, so that each kind is searched for itself.
  bool run() {
    double least = std::numeric_limits<double>::max();
    Assumptions best = choices_.chosen;
    const Assumptions start = choices_.chosen;
    std::vector<std::string> upsampling = choices_.options("upsampling");
    if (upsampling.empty()) upsampling.emplace_back();
    for (std::size_t i = 0; i < upsampling.size() && least > kGoodFit; ++i) {
      choices_.chosen = start;
      if (!upsampling[i].empty()) choices_.chosen["upsampling"] = upsampling[i];
      search_layers();
      const double found =
          with_habit(few_.mismatch(choices_.chosen, kAllNorms, least), surprise("upsampling", i));
      if (found >= least) continue;
      least = found;
      best = choices_.chosen;
    }
    choices_.chosen = least > kNoFit ? start : best;
    if (least > kNoFit) return false;
    if (!large_) improve_together();
    usual_only_ = large_;
    const Assumptions found = choices_.chosen;
    decide_all(least);
    if (choices_.chosen != found) decide_all(least);  // one may show only when another is right
    return true;
  }

 private:
  static torch::Tensor first(const torch::Tensor& latents, std::int64_t count) {
    return latents.narrow(0, 0, std::min(latents.size(0), count));
  }

  std::vector<std::string> options(const std::string& key) const {
    std::vector<std::string> result = choices_.options(key);
    if (key == "geometry" && large_ && result.size() > kMostPlansOfLarge)
      result.resize(kMostPlansOfLarge);
    if (key == "activation" && usual_only_ && result.size() > kUsualActivations) {
      result.resize(kUsualActivations);
      const std::string& chosen = choices_.chosen.at(key);
      if (std::ranges::count(result, chosen) == 0) result.push_back(chosen);
    }
    return result;
  }

  /// Each step tries every combination of a few choices on the norms that tell them apart, unless
  /// what was found before fits already.
  void search_layers() {
    improve({"latent", "conditioning"}, 1, many_);
    if (many_.mismatch(choices_.chosen, 1) > kGoodFit)
      improve({"latent", "conditioning", "order", "activation"}, 1, many_);
    if (large_ && few_.mismatch(choices_.chosen, kAllNorms) < kGoodFit) return;
    // Activations and sizes each hide the other: begin with the one, then with the other.
    const Assumptions start = choices_.chosen;
    search_activations();
    improve({"geometry"}, kAllNorms, few_);
    search_activations();
    const Assumptions by_activation = choices_.chosen;
    const double least = few_.mismatch(choices_.chosen, kAllNorms);
    if (least < (large_ ? kGoodFit : kExactFit)) return;
    choices_.chosen = start;
    improve({"geometry"}, kAllNorms, few_);
    search_activations();
    if (with_habit(few_.mismatch(choices_.chosen, kAllNorms, least), kHabit) > least)
      choices_.chosen = by_activation;
  }

  /// Each alone may hide what the other is; together, the usual ones show.
  void improve_together() {
    usual_only_ = true;
    improve({"geometry", "activation"}, kAllNorms, few_);
    usual_only_ = false;
  }

  void search_activations() {
    improve_with_epsilon({"activation", "first_activation"}, 2);
    // Without an activation behind the first layer, the third norm is the first to feel it.
    const auto first = choices_.chosen.find("first_activation");
    if (first != choices_.chosen.end() && first->second == "none")
      improve_with_epsilon({"activation"}, 3);
  }

  /// With the epsilon. Large networks try the usual activations first, and the others with what
  /// these have found.
  void improve_with_epsilon(const std::vector<std::string>& keys, std::size_t norms) {
    std::vector<std::string> with_epsilon = keys;
    with_epsilon.emplace_back("epsilon");
    usual_only_ = large_;
    improve(with_epsilon, norms, few_);
    usual_only_ = false;
    if (large_) improve(keys, norms, few_);
  }

  /// Tries every combination of the values of some choices.
  void improve(const std::vector<std::string>& keys, std::size_t norms, Agreement& agreement) {
    double least = std::numeric_limits<double>::max();
    Assumptions best = choices_.chosen;
    for (const Candidate& candidate : promising(keys, norms)) {
      if (large_ && least < (keys.front() == "geometry" ? kGoodFit : kExactFit)) break;
      const double found =
          with_habit(agreement.mismatch(candidate.reading, norms, least), candidate.habit);
      if (found >= least) continue;
      least = found;
      best = candidate.reading;
    }
    choices_.chosen = best;
  }

  /// Combinations that a look at a few faces leaves over, the best first.
  std::vector<Candidate> promising(const std::vector<std::string>& keys, std::size_t norms) {
    std::vector<Candidate> candidates;
    combine(keys, 0, {choices_.chosen, 0, 0}, candidates);
    if (large_ || candidates.size() <= kFewCandidates) return candidates;
    double least = std::numeric_limits<double>::max();
    for (Candidate& candidate : candidates) {
      const double bound = kWorthALook * least + kNoise;
      candidate.first_look =
          with_habit(glance_.mismatch(candidate.reading, norms, bound), candidate.habit);
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
    const auto& plans = choices_.draft().geometries;
    if (option == 0) return 0;
    if (key == "geometry" && option < plans.size())
      return kHabit * (1 + 2 * (plans[option].surprise - plans.front().surprise));
    return kHabit;
  }
  /// Costs are noisy; the noise grows with them.
  static double with_habit(double cost, double surprise) {
    return surprise > 0 ? 1.05 * cost + surprise : cost;
  }

  void decide_all(double mismatch) {
    decide("latent", 1);
    decide("conditioning", 1);
    decide("order", 2);
    decide("activation", 3);
    decide("first_activation", 2);
    decide("epsilon", 3);
    decide("upsampling", kAllNorms);
    if (!large_ || mismatch > kGoodFit)
      decide("geometry", kAllNorms);
    else if (options("geometry").size() > 1)  // another would be a long search; this one fits
      choices_.note("geometry", {0.9, Basis::Statistics});
  }

  /// Tries every value of one choice beside the others as they stand, and says how clear it was.
  void decide(const std::string& key, std::size_t norms) {
    const std::vector<std::string> values = options(key);
    if (values.size() < 2) return;
    // Behind the first norms come large maps, which need fewer faces to tell as much.
    Agreement& agreement = norms <= 2 ? many_ : few_;
    std::vector<double> costs;
    double best = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < values.size(); ++i) {
      costs.push_back(with_habit(agreement.mismatch(with(key, values[i]), norms, kClear * best),
                                 surprise(key, i)));
      best = std::min(best, costs.back());
    }
    if (!large_) compare_close_ones(key, values, costs);
    const auto winner = std::ranges::min_element(costs);
    choices_.chosen[key] = values[static_cast<std::size_t>(winner - costs.begin())];
    std::ranges::sort(costs);
    const double clear = 1 - (costs[0] + kHabit) / (costs[1] + kHabit);
    if (clear > 0.1)
      choices_.note(key, {std::clamp(0.5 + clear / 2, 0.5, 0.99), Basis::Statistics});
  }

  /// Replaces the costs of the best values by those on all faces, leaving the others'.
  void compare_close_ones(const std::string& key, const std::vector<std::string>& values,
                          std::vector<double>& costs) {
    const double bound = kClose * std::ranges::min(costs) + kHabit;
    if (std::ranges::count_if(costs, [&](double cost) { return cost <= bound; }) < 2) return;
    const double habit = key == "epsilon" ? kHabitOfEpsilonOnMany : kHabitOnMany;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (costs[i] <= bound)
        costs[i] = all_.mismatch(with(key, values[i]), kAllNorms) * (i > 0 ? habit : 1);
  }

  Assumptions with(const std::string& key, const std::string& value) const {
    Assumptions reading = choices_.chosen;
    reading[key] = value;
    return reading;
  }

  ReadingChoices& choices_;
  bool large_;
  bool usual_only_ = false;
  Agreement all_;     ///< on all latents
  Agreement many_;    ///< on the usual number of them
  Agreement few_;     ///< on some
  Agreement glance_;  ///< on very few, to see what is worth looking closer
};

}  // namespace

bool choose_by_statistics(ReadingChoices& choices, const ReadingLatents& latents, bool large) {
  return StatisticsSearch(choices, latents, large).run();
}

}  // namespace facemorph
