#include "ui/canvas.hpp"

#include "ui/theme.hpp"

namespace facemorph {

void clear_window() {
  const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(palette::kBackground);
  glClearColor(colour.x, colour.y, colour.z, 1.0F);
  glClear(GL_COLOR_BUFFER_BIT);
}

bool Canvas::draw(ImDrawData& data) {
  const auto [width, height] = frame_size(data);
  if (width <= 0 || height <= 0) return false;
  if (target_.resize(width, height, GL_RGBA8)) tiles_.forget();
  const std::vector<PixelRect> changed = tiles_.update(data);
  if (changed.empty()) return false;
  glBindFramebuffer(GL_FRAMEBUFFER, target_.framebuffer());
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
  glBindFramebuffer(GL_READ_FRAMEBUFFER, target_.framebuffer());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
  const int width = target_.width();
  const int height = target_.height();
  glBlitFramebuffer(0, 0, width, height, 0, 0, width, height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace facemorph
