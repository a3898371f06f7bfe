#pragma once

#include "engine/model.hpp"
#include "viewer/kept_work.hpp"
#include "viewer/opened_model.hpp"

#include <memory>
#include <string>

namespace facemorph {

/// What a window begins with.
struct Start {
  KeptWork::Found kept;
  /// The model to show: the one asked for, else that of the kept work, else the bundled one. Null
  /// when a session or a video was asked for, which name their model themselves.
  std::shared_ptr<OpenedModel> opened;
  std::string missing;  ///< why it is not the kept work's model
  std::string problem;  ///< why nothing could be opened
};

/// Reads and opens all of it. Slow: not for the UI thread.
Start make_start(const ModelRequest& asked, const EngineOptions& engine, const KeptWork& place);

}  // namespace facemorph
