#pragma once

#include "engine/engine.hpp"
#include "engine/model.hpp"

#include <functional>

namespace facemorph {

/// What `facemorph [CHECKPOINT]` was asked to show.
struct ViewerRequest {
  ModelRequest model;
  EngineOptions engine;
  int width = 0;  ///< 0: as it was last time
  int height = 0;
  bool verbose = false;  ///< report on standard error how long starting took
};

/// Parses the command line and does what it says; `open_viewer` is called when no subcommand was
/// given and there is a display. Returns the exit code: 0 ok, 1 failed, 2 bad usage.
int run_command_line(int argc, char** argv,
                     const std::function<void(const ViewerRequest&)>& open_viewer);

}  // namespace facemorph
