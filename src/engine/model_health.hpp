#pragma once

#include "engine/model.hpp"

namespace facemorph {

/// Compares eval mode with batch statistics on a few random latents. Takes well under half a second
/// for 64 px. Deterministic.
ModelHealth check_health(const LayerStack& stack);

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
