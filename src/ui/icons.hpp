#pragma once

#include "ui/imgui_compat.hpp"

namespace facemorph {

/// Line icons, drawn as vectors so that they are crisp at every scale.
enum class Icon {
  Play,
  Pause,
  Star,
  StarFilled,
  Plus,
  Cross,
  Dice,
  Locked,
  Unlocked,
  Left,
  Right,
  Info,
  Warning,
  Key,
  KeySet
};

/// Draws an icon in a square of `size` pixels around `centre`.
void draw_icon(ImDrawList& list, Icon icon, ImVec2 centre, float size, ImU32 colour);

}  // namespace facemorph
