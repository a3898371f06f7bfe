#pragma once

// The one place that knows about differences between ImGui 1.86 (Debian 12) and newer ones.

#include <imgui.h>
#include <imgui_internal.h>

#include <backends/imgui_impl_opengl3.h>
#if __has_include(<backends/imgui_impl_sdl2.h>)
#include <backends/imgui_impl_sdl2.h>
#else
#include <backends/imgui_impl_sdl.h>
#endif

#include <algorithm>
#include <array>
#include <cstdint>

namespace facemorph::compat {

inline ImTextureID texture_id(unsigned int gl_name) {
#if IMGUI_VERSION_NUM >= 19140
  return static_cast<ImTextureID>(gl_name);
#else
  // NOLINTNEXTLINE(performance-no-int-to-ptr): ImGui carries GL names in pointers
  return reinterpret_cast<ImTextureID>(static_cast<std::intptr_t>(gl_name));
#endif
}

/// ImGui 1.86's SDL back end asks SDL for the global mouse state, which freezes under Xvfb while a
/// button is held. Call after ImGui_ImplSDL2_NewFrame() with what the events said.
inline void set_mouse(ImVec2 position, const std::array<bool, 3>& down) {
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetIO().AddMousePosEvent(position.x, position.y);
  (void)down;
#else
  ImGui::GetIO().MousePos = position;
  std::copy(down.begin(), down.end(), ImGui::GetIO().MouseDown);
#endif
}

/// While the pointer is over the item drawn last, the wheel is the item's: no window scrolls.
inline void take_wheel() {
#if IMGUI_VERSION_NUM >= 18900
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
#else
  ImGui::SetItemUsingMouseWheel();
#endif
}

/// After the font atlas was filled anew.
inline void upload_fonts() {
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

}  // namespace facemorph::compat
