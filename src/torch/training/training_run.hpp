#pragma once

#include "runs/run_control.hpp"
#include "runs/run_events.hpp"

#include <functional>

namespace facemorph {

/// Trains until a limit is reached or a stop is asked for; the step under way is finished and saved
/// then. Events are delivered on the calling thread. Throws UsageError for requests that cannot be
/// meant, Error when training cannot start, breaks down or collapses (what was saved stays).
void run_training(const RunRequest& request, RunControl& control,
                  const std::function<void(const TrainEvent&)>& on_event);

}  // namespace facemorph
