#pragma once

#include "base/ui_queue.hpp"
#include "engine/async_engine.hpp"
#include "session/morph_state.hpp"
#include "viewer/notices.hpp"
#include "viewer/thumbnails.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace facemorph {

/// What the network draws for the window: the face on the stage, and small ones everywhere else.
class Stage {
 public:
  Stage(const UiQueue& queue, Notices& notices);

  /// Another network. `alike`: it has only learnt something since the one before, so that pictures
  /// stay until their successors are ready.
  void set_engine(std::unique_ptr<Engine> engine, bool alike);
  /// Every frame: takes what was drawn. Returns whether the stage has another picture.
  bool update();
  /// After the panels: asks for what is on show now, if that changed.
  void request(const MorphState& state);

  /// The newest picture, and the latent that it is of; null before there is one.
  const std::shared_ptr<const Image>& picture() const { return picture_; }
  const Latent& latent() const { return latent_; }
  Thumbnails& thumbnails() { return thumbnails_; }
  EngineStats stats() const { return engine_.stats(); }
  /// Whether everything that was asked for is there.
  bool idle() const { return shown_ == request_ && thumbnails_.complete(); }

 private:
  Notices& notices_;
  AsyncEngine engine_;
  Thumbnails thumbnails_{engine_};
  std::optional<Latent> requested_;  ///< truncated
  std::uint64_t request_ = 0;
  std::uint64_t shown_ = 0;
  std::shared_ptr<const Image> picture_;
  Latent latent_;
};

}  // namespace facemorph
