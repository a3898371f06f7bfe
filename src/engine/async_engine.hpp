#pragma once

#include "engine/engine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// One generated face on its way to the screen.
struct StageFrame {
  Image image;
  std::uint64_t model_stamp = 0;
  std::uint64_t request = 0;  ///< the number request_stage() returned
  Latent latent;              ///< whose picture it is
};

/// The gallery so far: faces arrive a few at a time, in request order.
struct GalleryFrame {
  std::vector<Image> images;  ///< the first images.size() faces of the request
  std::size_t requested = 0;
  std::uint64_t model_stamp = 0;
  std::uint64_t request = 0;
};

/// Timings of the engine thread, for the HUD.
struct EngineStats {
  double milliseconds_per_call = 0;  ///< smoothed, the stage's batch of one
  double faces_per_second = 0;       ///< over the last second, stage and gallery
  bool busy = false;
};

/// Runs an engine on its own thread. Every lane is a mailbox of depth one: the newest request
/// replaces the older one. The stage goes first; the gallery is worked off in small chunks between
/// stage requests. Results are triple-buffered: the engine thread never waits for the reader and
/// the reader never waits for the engine. Results and errors of an older model are dropped.
/// Any thread may send requests; take_… belongs to one reader thread.
class AsyncEngine {
 public:
  /// `wake` is called on the engine thread whenever something new can be taken.
  explicit AsyncEngine(std::function<void()> wake);
  AsyncEngine(const AsyncEngine&) = delete;
  AsyncEngine& operator=(const AsyncEngine&) = delete;
  ~AsyncEngine();  ///< finishes the forward pass under way and joins

  /// Hands a new engine over; waiting requests and untaken results of the old one are dropped.
  /// Returns the new model stamp (1, 2, …). The old engine is destroyed on the engine thread.
  /// Requires an engine.
  std::uint64_t set_engine(std::unique_ptr<Engine> engine);

  /// Returns the request's number. Requests before the first set_engine wait for it.
  std::uint64_t request_stage(Latent latent);
  std::uint64_t request_gallery(std::vector<Latent> latents);

  /// The newest result since the last call, if any. Never blocks on inference.
  std::optional<StageFrame> take_stage();
  std::optional<GalleryFrame> take_gallery();
  /// The newest error text since the last call, if any.
  std::optional<std::string> take_error();
  EngineStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facemorph
