#pragma once

#include "checkpoint/generator/draft.hpp"
#include "torch/network/stack_network.hpp"

#include <torch/types.h>

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace facemorph {

/// Whether a norm's running statistics are those of a trained network, by their looks.
bool tells_something(const BatchNormLayer& norm);

/// How well readings of a generator reproduce its stored batch-norm statistics on some latents.
/// Readings that begin alike are run once as far as they do.
class Agreement {
 public:
  static constexpr std::size_t kAllNorms = std::numeric_limits<std::size_t>::max();
  static constexpr double kNoBound = std::numeric_limits<double>::max();

  /// latents: [N, nz, 1, 1], N >= 2. The draft must outlive this.
  Agreement(const GeneratorDraft& draft, torch::Tensor latents);

  /// Mismatch of a reading, a mean over channels and over its first `norms` batch norms; 0 is
  /// perfect. Stops, with some value not below `bound`, as soon as it is sure not to be below it.
  double mismatch(const Assumptions& reading, std::size_t norms, double bound = kNoBound);

 private:
  /// A stack cut behind its latent and class, and before each batch norm.
  struct Parts {
    torch::Tensor inputs;
    std::vector<LayerStack> segments;  ///< what comes before each norm
    std::vector<std::string> keys;     ///< say what all that comes before each norm does
    std::vector<BatchNormLayer> norms;
  };
  Parts cut(const Assumptions& reading);
  torch::Tensor inputs(Assumptions reading, const std::string& key, const LayerStack& stack);
  double mismatch_at(const Parts& parts, std::size_t norm);
  torch::Tensor values_into(const Parts& parts, std::size_t norm);

  const GeneratorDraft& draft_;
  torch::Tensor latents_;
  std::map<std::string, torch::Tensor> inputs_;
  std::map<std::string, double> mismatches_;     ///< at a norm, by what comes before it
  std::map<std::string, torch::Tensor> values_;  ///< what goes into a norm; forgotten at times
  std::size_t kept_bytes_ = 0;
  OperationCache operations_;
};

}  // namespace facemorph
