#pragma once

#include "curves/curve.hpp"
#include "runs/run_events.hpp"
#include "runs/run_history.hpp"

#include <cstdint>

namespace facemorph {

/// What a run has measured, by step: what the Train tab plots.
struct RunCurves {
  Series loss_d;
  Series loss_g;
  Series d_real;
  Series d_fake;
  Series images_per_second;
  Series swd;
  Series swd_of_real;
  Series ms_ssim;
  Series ms_ssim_of_real;

  void add(const TrainReport& report);
  void add(const Scored& scored);
  /// What a run that goes on has measured before.
  void add(const RunLog& log);
  /// Forgets what came after a step.
  void rewind(std::uint64_t step);
};

}  // namespace facemorph
