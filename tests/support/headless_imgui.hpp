#pragma once

#include "ui/ui.hpp"

namespace facemorph {

/// An ImGui without a window, for as long as it lives.
class HeadlessImgui {
 public:
  explicit HeadlessImgui(ImVec2 size) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = size;
    io.DeltaTime = 1.0F / 60;
    io.MousePos = {-1, -1};
    font_ = io.Fonts->AddFontDefault();
    io.Fonts->Build();
  }
  ~HeadlessImgui() { ImGui::DestroyContext(); }
  HeadlessImgui(const HeadlessImgui&) = delete;
  HeadlessImgui& operator=(const HeadlessImgui&) = delete;

  /// What panels are drawn with.
  Ui ui() const {
    Ui result;
    result.fonts.regular = result.fonts.small = font_;
    return result;
  }

 private:
  ImFont* font_;
};

}  // namespace facemorph
