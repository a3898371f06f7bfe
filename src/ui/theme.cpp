#include "ui/theme.hpp"

#include "base/embedded.hpp"

#include <cmath>

DECLARE_EMBEDDED(inter_regular);
DECLARE_EMBEDDED(inter_semibold);

namespace facemorph {
namespace {

ImFont* add_font(std::string_view bytes, float pixels) {
  // Latin, Greek, general punctuation, super- and subscripts, arrows, mathematical operators.
  static constexpr ImWchar kRanges[] = {0x20,   0x17F,  0x370,  0x3FF,  0x2010, 0x205E, 0x2070,
                                        0x209C, 0x2190, 0x21FF, 0x2200, 0x22FF, 0};
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = 2;
  config.OversampleV = 1;
  // ImGui takes a non-const pointer but only reads when it does not own the data.
  return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(const_cast<char*>(bytes.data()),
                                                    static_cast<int>(bytes.size()),
                                                    std::round(pixels), &config, kRanges);
}

void set_colours(ImGuiStyle& style) {
  const auto set = [&style](ImGuiCol slot, ImU32 colour) {
    style.Colors[slot] = ImGui::ColorConvertU32ToFloat4(colour);
  };
  set(ImGuiCol_Text, palette::kText);
  set(ImGuiCol_TextDisabled, palette::kDim);
  set(ImGuiCol_WindowBg, palette::kPanel);
  set(ImGuiCol_ChildBg, IM_COL32(0, 0, 0, 0));
  set(ImGuiCol_PopupBg, IM_COL32(27, 30, 36, 255));
  set(ImGuiCol_Border, palette::kLine);
  set(ImGuiCol_FrameBg, palette::kRaised);
  set(ImGuiCol_FrameBgHovered, palette::kHovered);
  set(ImGuiCol_FrameBgActive, palette::kHovered);
  set(ImGuiCol_TitleBg, palette::kPanel);
  set(ImGuiCol_TitleBgActive, palette::kPanel);
  set(ImGuiCol_MenuBarBg, palette::kPanel);
  set(ImGuiCol_ScrollbarBg, IM_COL32(0, 0, 0, 0));
  set(ImGuiCol_ScrollbarGrab, palette::kHovered);
  set(ImGuiCol_ScrollbarGrabHovered, IM_COL32(70, 77, 89, 255));
  set(ImGuiCol_ScrollbarGrabActive, palette::kAccent);
  set(ImGuiCol_CheckMark, palette::kAccent);
  set(ImGuiCol_SliderGrab, palette::kAccent);
  set(ImGuiCol_SliderGrabActive, palette::kAccent);
  set(ImGuiCol_Button, palette::kRaised);
  set(ImGuiCol_ButtonHovered, palette::kHovered);
  set(ImGuiCol_ButtonActive, IM_COL32(60, 66, 77, 255));
  set(ImGuiCol_Header, palette::kRaised);
  set(ImGuiCol_HeaderHovered, palette::kHovered);
  set(ImGuiCol_HeaderActive, palette::kHovered);
  set(ImGuiCol_Separator, palette::kLine);
  set(ImGuiCol_Tab, palette::kPanel);
  set(ImGuiCol_TabHovered, palette::kHovered);
  set(ImGuiCol_TabActive, palette::kRaised);
  set(ImGuiCol_TextSelectedBg, palette::kAccentSoft);
  set(ImGuiCol_DragDropTarget, palette::kAccent);
  set(ImGuiCol_NavHighlight, palette::kAccent);
  set(ImGuiCol_ModalWindowDimBg, IM_COL32(0, 0, 0, 150));
}

}  // namespace

Fonts apply_theme(float scale) {
  ImGuiStyle style;
  style.WindowPadding = {12, 10};
  style.FramePadding = {9, 5};
  style.ItemSpacing = {8, 7};
  style.ItemInnerSpacing = {6, 5};
  style.ScrollbarSize = 11;
  style.GrabMinSize = 10;
  style.WindowBorderSize = 0;
  style.PopupBorderSize = 1;
  style.FrameRounding = 6;
  style.PopupRounding = 8;
  style.WindowRounding = 10;
  style.ChildRounding = 8;
  style.ScrollbarRounding = 6;
  style.GrabRounding = 5;
  style.TabRounding = 6;
  style.WindowTitleAlign = {0.0F, 0.5F};
  set_colours(style);
  style.ScaleAllSizes(scale);
  ImGui::GetStyle() = style;

  ImGui::GetIO().Fonts->Clear();
  Fonts fonts;
  fonts.regular = add_font(EMBEDDED_BYTES(inter_regular), 15.0F * scale);
  fonts.strong = add_font(EMBEDDED_BYTES(inter_semibold), 15.0F * scale);
  fonts.small = add_font(EMBEDDED_BYTES(inter_regular), 12.5F * scale);
  fonts.title = add_font(EMBEDDED_BYTES(inter_semibold), 22.0F * scale);
  compat::upload_fonts();
  return fonts;
}

}  // namespace facemorph
