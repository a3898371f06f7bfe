#pragma once

#include "render/render_target.hpp"
#include "ui/changed_tiles.hpp"

namespace facemorph {

/// Fills what is bound with the colour behind everything.
void clear_window();

/// A picture of the window that stays from frame to frame, so that only what changes is drawn
/// again. Where the processor does the drawing that is most of a frame's cost.
class Canvas {
 public:
  /// Draws what differs from the last frame. Returns whether anything does. `data` is used up.
  bool draw(ImDrawData& data);
  /// Copies it to the window, whose framebuffer is bound then.
  void show() const;
  /// The next frame is drawn as a whole.
  void forget() { tiles_.forget(); }

 private:
  RenderTarget target_;
  ChangedTiles tiles_;
};

}  // namespace facemorph
