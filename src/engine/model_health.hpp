#pragma once

#include "engine/model.hpp"

namespace facemorph {

/// Compares eval mode with batch statistics on a few random latents. Takes well under half a second
/// for 64 px. Deterministic.
ModelHealth check_health(const LayerStack& stack);

/// check_health's judgement from its three figures, and from the saturation and spread that batch
/// statistics give; split off so that the thresholds can be tested. Not finite counts as saturated.
ModelHealth judge_health(double saturated, double spread, double batch_difference,
                         double batch_saturated, double batch_spread);

}  // namespace facemorph
