#pragma once

// The one place that knows about differences between ImGui 1.86 (Debian 12) and newer ones.

#include "render/image_texture.hpp"

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

/// The back end takes the lower half for the texture's name; the upper half says what is in it.
inline ImTextureID texture_id(const TextureView& texture) {
  static_assert(sizeof(ImTextureID) == 8);
  const std::uint64_t id = std::uint64_t{texture.content} << 32U | texture.name;
#if IMGUI_VERSION_NUM >= 19140
  return static_cast<ImTextureID>(id);
#else
  // NOLINTNEXTLINE(performance-no-int-to-ptr): ImGui carries GL names in pointers
  return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(id));
#endif
}

/// The same of a command, as a number.
inline std::uint64_t texture_key(const ImDrawCmd& command) {
#if IMGUI_VERSION_NUM >= 19200
  const ImTextureData* own = command.TexRef._TexData;  // ImGui's, perhaps not uploaded yet
  return own != nullptr ? static_cast<std::uint64_t>(own->UniqueID) : command.TexRef._TexID;
#elif IMGUI_VERSION_NUM >= 19140
  return static_cast<std::uint64_t>(command.GetTexID());
#else
  return reinterpret_cast<std::uintptr_t>(command.GetTexID());
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
