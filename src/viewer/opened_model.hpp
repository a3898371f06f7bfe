#pragma once

#include "engine/engine.hpp"
#include "session/keyframes.hpp"

#include <memory>
#include <string>
#include <vector>

namespace facemorph {

/// A model and all that is wanted to show it.
struct OpenedModel {
  std::shared_ptr<const Model> model;
  std::unique_ptr<Engine> engine;
  bool bundled = false;
  std::vector<Direction> named;  ///< that lie beside its file
  std::string named_problem;     ///< why they could not be read
  std::string warning;           ///< of a slow set-up
};

/// With an engine that has made a face: a network that cannot run must not take the place of one
/// that can. Slow. Throws Error.
std::shared_ptr<OpenedModel> ready_to_show(std::shared_ptr<const Model> model,
                                           const EngineOptions& options);

/// Leaves a core to the window where the threads are not chosen.
EngineOptions beside_a_window(EngineOptions options);

}  // namespace facemorph
