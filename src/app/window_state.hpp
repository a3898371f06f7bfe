#pragma once

#include "session/face.hpp"

#include <optional>

namespace facemorph {

/// The tabs of the side panel, in their order. Settings keep the open one by its number.
enum class SideTab { Dimensions, Directions, Sum, Pad, Model, Train };

/// The face that a person means, besides the one on the stage: a tile under the pointer, and one
/// that has the keyboard's focus. Tiles note it anew in every frame.
struct MeantFaces {
  std::optional<Face> hovered;
  std::optional<Face> focused;
};

/// What belongs to the window rather than to the viewer.
struct WindowState {
  std::optional<SideTab> wanted_tab;  ///< to open in the next frame
  bool wants_menu = false;            ///< the first menu is to open in the next frame
  MeantFaces meant;
  bool save_trace = false;  ///< the times of the last frames are to be written
  bool fullscreen = false;
  bool quit = false;
  double frames_per_second = 0;  ///< 0 while idle
  double frame_milliseconds = 0;
  double slow_milliseconds = 0;  ///< 99 of 100 of the last frames were faster
};

}  // namespace facemorph
