#pragma once

#include "runs/data_set.hpp"
#include "runs/train_config.hpp"

#include <memory>

namespace facemorph {

/// Real pictures a second that training steps take, measured for so long after a few steps to warm
/// up. Throws as Trainer does.
double training_speed(const TrainConfig& config, const std::shared_ptr<const DataSet>& pictures,
                      double seconds);

}  // namespace facemorph
