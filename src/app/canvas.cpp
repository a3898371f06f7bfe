#include "app/canvas.hpp"

#include "app/theme.hpp"
#include "base/error.hpp"

namespace facemorph {

void clear_window() {
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(palette::kBackground);
  glClearColor(colour.x, colour.y, colour.z, 1.0F);
  glClear(GL_COLOR_BUFFER_BIT);
}

void Canvas::resize(FrameSize size) {
  if (size == size_) return;
  size_ = size;
  tiles_.forget();
  glBindTexture(GL_TEXTURE_2D, texture_.name());
  // The order of colours that windows have: others cannot be copied as they are.
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, size.width, size.height, 0, GL_BGRA,
               GL_UNSIGNED_INT_8_8_8_8_REV, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.name());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_.name(), 0);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    throw Error("The graphics driver cannot render into a texture of the window's size.");
}

bool Canvas::draw(ImDrawData& data) {
  const auto [width, height] = frame_size(data);
  if (width <= 0 || height <= 0) return false;
  resize({width, height});
  const std::vector<PixelRect> changed = tiles_.update(data);
  if (changed.empty()) return false;
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.name());
  glViewport(0, 0, width, height);
  glEnable(GL_SCISSOR_TEST);
  for (const PixelRect& rect : changed) {
    glScissor(rect.left, height - rect.bottom, rect.right - rect.left, rect.bottom - rect.top);
    clear_window();
  }
  glDisable(GL_SCISSOR_TEST);
  clip_to(data, changed);
  ImGui_ImplOpenGL3_RenderDrawData(&data);
  return true;
}

void Canvas::show() const {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer_.name());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
  glBlitFramebuffer(0, 0, size_.width, size_.height, 0, 0, size_.width, size_.height,
                    GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace facemorph
