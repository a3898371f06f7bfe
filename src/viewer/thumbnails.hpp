#pragma once

#include "engine/async_engine.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace facemorph {

/// Small live pictures of latents, for every panel that shows faces. Panels ask for what they show;
/// what is missing or out of date is generated in the background, oldest first, and appears when
/// it is there. What nobody asks for any more is forgotten in time.
class Thumbnails {
 public:
  explicit Thumbnails(AsyncEngine& engine) : engine_(engine) {}

  /// The picture of `latent` under the frame's truncation, or nullptr until there is one. While the
  /// truncation changes, the last picture stays until its successor is ready.
  std::shared_ptr<const Image> get(const Latent& latent);

  /// Takes what the engine finished.
  void update();
  /// Call once after all panels: asks the engine for what was missing.
  void request_missing(float truncation);
  /// The model has changed a little: pictures stay until their successors are ready.
  void outdate();
  /// Pictures of another model are worthless.
  void clear();

  bool complete() const { return pending_.empty(); }

 private:
  struct Entry {
    Latent latent;
    std::shared_ptr<const Image> picture;
    float truncation = -1.0F;    ///< of the picture; < 0: none yet, or out of date
    std::uint64_t asked_at = 0;  ///< frame in which a panel last wanted it
    std::uint64_t drawn_at = 0;  ///< frame in which its picture arrived
  };
  struct Pending {
    std::uint64_t key = 0;
    float truncation = 1.0F;
    bool operator==(const Pending&) const = default;
  };
  void forget_unused();

  AsyncEngine& engine_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::vector<Pending> pending_;  ///< the request under way, in its order
  std::uint64_t request_ = 0;
  std::size_t received_ = 0;
  std::uint64_t frame_ = 1;
};

}  // namespace facemorph
