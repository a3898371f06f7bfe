#include "torch/assumptions/reading_looks.hpp"

#include "torch/assumptions/picture_looks.hpp"
#include "torch/network/stack_network.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace facemorph {
namespace {

/// How much more a picture must look like one for a less usual value to be taken.
constexpr double kHabit = 0.2;
constexpr double kRare = 0.5;

double surprise(const std::string& option, const std::string& usual) {
  if (option == usual) return 0;
  constexpr std::array kSeldom = {"leaky_relu_0.1", "leaky_relu_0.3", "none",
                                  "softplus",       "tanh",           "sigmoid"};
  return std::ranges::count(kSeldom, option) > 0 ? kRare : kHabit;
}

class LooksSearch {
 public:
  LooksSearch(ReadingChoices& choices, const torch::Tensor& latents)
      : choices_(choices), latents_(latents) {}

  void run() {
    // Norms disturb the most when they are wrong, and then hide what activations do.
    for (const char* key : {"norm", "activation", "order", "norm", "activation"})
      choose(key);
  }

 private:
  void choose(const std::string& key) {
    const std::vector<std::string> options = choices_.options(key);
    if (options.size() < 2) return;
    double least = std::numeric_limits<double>::max();
    double second = least;
    std::string best = choices_.chosen.at(key);
    for (const std::string& option : options) {
      const double found = looks(key, option) + surprise(option, options.front());
      second = std::min(second, std::max(found, least));
      if (found >= least) continue;
      least = found;
      best = option;
    }
    choices_.chosen[key] = best;
    const double clear = std::clamp((second - least) / 2, 0.0, 0.4);
    if (clear > kHabit / 2) choices_.note(key, {0.5 + clear, Basis::Looks});
  }

  double looks(const std::string& key, const std::string& option) {
    Assumptions reading = choices_.chosen;
    reading[key] = option;
    const auto [known, is_new] = known_.try_emplace(reading, 0.0);
    if (is_new)
      known->second =
          unlikeness(StackNetwork(build_stack(choices_.draft(), reading), torch::kCPU, &operations_)
                         .forward_with_batch_statistics(latents_));
    return known->second;
  }

  ReadingChoices& choices_;
  torch::Tensor latents_;
  OperationCache operations_;
  std::map<Assumptions, double> known_;
};

}  // namespace

void choose_by_looks(ReadingChoices& choices, const torch::Tensor& latents) {
  LooksSearch(choices, latents).run();
}

}  // namespace facemorph
