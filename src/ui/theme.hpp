#pragma once

#include "ui/imgui_compat.hpp"

namespace facemorph {

/// The one palette. Text on Background and Panel keeps a contrast above 4.5:1.
namespace palette {
inline constexpr ImU32 kBackground = IM_COL32(13, 15, 18, 255);
inline constexpr ImU32 kPanel = IM_COL32(21, 24, 29, 255);
inline constexpr ImU32 kRaised = IM_COL32(33, 37, 44, 255);
inline constexpr ImU32 kHovered = IM_COL32(46, 51, 60, 255);
inline constexpr ImU32 kLine = IM_COL32(43, 48, 56, 255);
inline constexpr ImU32 kText = IM_COL32(234, 236, 240, 255);
inline constexpr ImU32 kDim = IM_COL32(152, 160, 172, 255);
inline constexpr ImU32 kAccent = IM_COL32(255, 138, 92, 255);
inline constexpr ImU32 kAccentSoft = IM_COL32(255, 138, 92, 70);
inline constexpr ImU32 kOnAccent = IM_COL32(28, 14, 8, 255);
inline constexpr ImU32 kBlue = IM_COL32(110, 176, 255, 255);  ///< beside the accent, in plots
inline constexpr ImU32 kWarning = IM_COL32(255, 196, 92, 255);
inline constexpr ImU32 kError = IM_COL32(255, 108, 108, 255);
}  // namespace palette

/// Fonts of the theme, valid until the next apply_theme().
struct Fonts {
  ImFont* regular = nullptr;
  ImFont* strong = nullptr;
  ImFont* small = nullptr;
  ImFont* title = nullptr;
};

/// Sets style and fonts for a scale (1 = 96 dpi). Needs an ImGui context; call between frames.
Fonts apply_theme(float scale);

}  // namespace facemorph
