#pragma once

#include "engine/model.hpp"

#include <optional>
#include <string>

namespace facemorph {

/// How the generator behaves in eval mode, from a batch of random latents. Checkpoints that were
/// only ever sampled in train mode often have batch-norm statistics that do not fit.
struct ModelHealth {
  double saturated = 0;         ///< share of pixels with |x| > 0.99 in eval mode
  double spread = 0;            ///< mean over pixels of the standard deviation between faces
  double batch_difference = 0;  ///< mean |eval image - batch-statistics image|, range [0, 2]
  bool recalibrate = false;     ///< recalibration recommended
  std::string text;             ///< one sentence why, or that all is well
};

/// Compares eval mode with batch statistics on a few random latents. Takes well under half a second
/// for 64 px. Deterministic. Throws Error when the network cannot run.
ModelHealth check_health(const LayerStack& stack, int threads);
/// Nothing for TorchScript.
std::optional<ModelHealth> check_health(const Model& model, int threads);

/// What check_health measures. Shares and means over all pixels; not finite counts as saturated.
struct HealthFigures {
  double saturated = 0;         ///< in eval mode
  double spread = 0;            ///< between faces, in eval mode
  double batch_difference = 0;  ///< between the two modes
  double batch_saturated = 0;   ///< with batch statistics
  double batch_spread = 0;
  int faces = 32;  ///< in the batch: few faces make noisy batch statistics
};

/// check_health's judgement, split off so that its thresholds can be tested.
ModelHealth judge_health(const HealthFigures& figures);

}  // namespace facemorph
