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

/// The menus of the bar, by their place in it.
struct MenuState {
  static constexpr int kCount = 4;
  std::optional<int> wanted;  ///< to open in the next frame
  std::optional<int> open;
  bool on_submenu = false;  ///< the arrows stand at a line that opens a menu of its own
};

/// What belongs to the window rather than to the viewer.
struct WindowState {
  std::optional<SideTab> wanted_tab;  ///< to open in the next frame
  MenuState menus;
  MeantFaces meant;
  bool save_trace = false;  ///< the times of the last frames are to be written
  bool fullscreen = false;
  bool leaving = false;  ///< nothing stands in the way but the disk
  bool quit = false;
  double frames_per_second = 0;  ///< 0 while idle
  double frame_milliseconds = 0;
  double slow_milliseconds = 0;  ///< 99 of 100 of the last frames were faster
};

}  // namespace facemorph
