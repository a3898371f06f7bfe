#pragma once

#include "ui/imgui_compat.hpp"

#include <cstdint>
#include <vector>

namespace facemorph {

/// In pixels, from the upper left corner.
struct PixelRect {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  bool operator==(const PixelRect&) const = default;
};

/// Of what ImGui's back end draws, in pixels; may be 0.
struct FrameSize {
  int width = 0;
  int height = 0;
  bool operator==(const FrameSize&) const = default;
};
FrameSize frame_size(const ImDrawData& data);

/// Finds out which tiles of the window a frame changes, by hashes of all triangles that touch each
/// (as GPUs of phones do, "transaction elimination"). Textures must come with a version, see
/// compat::texture_id().
class ChangedTiles {
 public:
  /// Rectangles without overlap that cover all that differs from the frame before; everything, when
  /// there was none or it had another size.
  std::vector<PixelRect> update(const ImDrawData& data);
  /// The next frame is drawn as a whole.
  void forget() { hashes_.clear(); }

 private:
  FrameSize size_;
  std::vector<std::uint64_t> hashes_;
};

/// Makes the back end draw only what is in these rectangles: every command is repeated for each
/// that it touches. `data` is of this frame and drawn once.
void clip_to(ImDrawData& data, const std::vector<PixelRect>& rects);

}  // namespace facemorph
