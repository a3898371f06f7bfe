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

// --- the keyboard -------------------------------------------------------------------------------

/// Whether ImGui looks which keys are down when a frame begins, instead of hearing of each.
inline constexpr bool kKeysAreSampled = IMGUI_VERSION_NUM < 18700;

/// In the next frame, presses an item, or opens it for typing.
inline void activate(ImGuiID id, bool typing) {
#if IMGUI_VERSION_NUM >= 18973
  ImGui::ActivateItemByID(id);
#else
  ImGui::ActivateItem(id);
#endif
  ImGui::GetCurrentContext()->NavNextActivateFlags =
      typing ? ImGuiActivateFlags_PreferInput : ImGuiActivateFlags_None;
}

/// Closes the text field that is open, as a click beside it does.
inline void stop_typing() {
  if (ImGui::GetIO().WantTextInput) ImGui::ClearActiveID();
}

/// Whether what is drawn now is disabled.
inline bool is_disabled() {
  return (ImGui::GetCurrentContext()->CurrentItemFlags & ImGuiItemFlags_Disabled) != 0;
}

/// Menus, lists and dialogs that are open over one another.
inline int open_popups() {
  return ImGui::GetCurrentContext()->OpenPopupStack.Size;
}

inline void close_popups(int remaining) {
  if (open_popups() > remaining) ImGui::ClosePopupToLevel(remaining, true);
}

/// ImGui's own keys, which go through menus and lists.
inline void set_menu_keys(bool on) {
  ImGuiConfigFlags& flags = ImGui::GetIO().ConfigFlags;
  flags =
      on ? flags | ImGuiConfigFlags_NavEnableKeyboard : flags & ~ImGuiConfigFlags_NavEnableKeyboard;
}

/// Whether they, and not the pointer, say where in a menu a person is.
inline bool moved_by_keys() {
#if IMGUI_VERSION_NUM >= 19140
  return ImGui::GetCurrentContext()->NavHighlightItemUnderNav;
#else
  return ImGui::GetCurrentContext()->NavDisableMouseHover;
#endif
}

/// Shows where these keys are, as if one had been pressed.
inline void show_menu_cursor() {
#if IMGUI_VERSION_NUM >= 19140
  ImGui::SetNavCursorVisible(true);
#else
  ImGui::GetCurrentContext()->NavDisableHighlight = false;
#endif
}

/// Scrolls its window, so that a place and what is next to it can be seen, and the panel around.
inline void scroll_to(ImGuiWindow* window, ImVec2 min, ImVec2 max, float margin) {
  constexpr ImGuiScrollFlags kEdges =
      ImGuiScrollFlags_KeepVisibleEdgeX | ImGuiScrollFlags_KeepVisibleEdgeY;
  ImGui::ScrollToRect(window, {min.x, min.y - margin, max.x, max.y + margin},
                      kEdges | ImGuiScrollFlags_NoScrollParent);
  if (window->ParentWindow != nullptr && window->RootWindow != window)
    ImGui::ScrollToRect(window->ParentWindow, {min, max}, kEdges);
}

/// The panel or popup that a window is a part of.
inline const ImGuiWindow* root_of(const ImGuiWindow* window) {
  return window->RootWindow;
}

inline ImRect clip_of(const ImGuiWindow* window) {
  return window->InnerClipRect;
}

/// Whether what lies behind a dialog is still growing dark, or light again.
inline bool is_dimming() {
  const float share = ImGui::GetCurrentContext()->DimBgRatio;
  return share > 0 && share < 1;
}

/// After the font atlas was filled anew.
inline void upload_fonts() {
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

}  // namespace facemorph::compat
