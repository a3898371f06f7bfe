#pragma once

#include "runs/train_config.hpp"

#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// What the training tab has been told.
struct TrainingPlan {
  bool drawn = false;  ///< on faces that Facemorph draws itself, instead of `data`
  std::string data;    ///< folder or archive of pictures
  std::string out;     ///< the run's folder; one with a run in it is continued
  double minutes = 15;
  bool from_open_model = false;
  TrainConfig config = preset_config("faces");
};

/// The plain choice: how large the faces are, and how wide the networks.
enum class Quality { Sketch, Good, Fine };
/// None when the settings were chosen one by one.
std::optional<Quality> quality_of(const TrainConfig& config);
void set_quality(TrainConfig& config, Quality quality);

/// Which of a run's networks, pictures and times come first: how a run shares the machine with the
/// window.
enum class Priority {
  View,      ///< training waits while the person does something, and takes half while a walk plays
  Balanced,  ///< training nearly waits while the hand drags; one core is the window's
  Training,  ///< training takes every core, always
};

}  // namespace facemorph
