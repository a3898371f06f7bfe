#include "render/upscaler.hpp"

#include "base/embedded.hpp"

#include <array>

DECLARE_EMBEDDED(fullscreen_vert);
DECLARE_EMBEDDED(resample_frag);

namespace facemorph {

Upscaler::Upscaler()
    : program_(link_program(EMBEDDED_BYTES(fullscreen_vert), EMBEDDED_BYTES(resample_frag))),
      axis_location_(glGetUniformLocation(program_.name(), "axis")),
      filter_location_(glGetUniformLocation(program_.name(), "filter_kind")),
      target_size_location_(glGetUniformLocation(program_.name(), "target_size")) {}

void Upscaler::pass(GLuint source, const RenderTarget& target, int axis, Filter filter) {
  glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer());
  glViewport(0, 0, target.width(), target.height());
  glBindTexture(GL_TEXTURE_2D, source);
  glUniform1i(axis_location_, axis);
  glUniform1i(filter_location_, static_cast<int>(filter));
  glUniform1i(target_size_location_, axis == 0 ? target.width() : target.height());
  glDrawArrays(GL_TRIANGLES, 0, 3);
}

GLuint Upscaler::render(GLuint source, int source_height, int target_width, int target_height,
                        Filter filter) {
  GLint old_framebuffer = 0;
  std::array<GLint, 4> old_viewport{};
  glGetIntegerv(GL_FRAMEBUFFER_BINDING, &old_framebuffer);
  glGetIntegerv(GL_VIEWPORT, old_viewport.data());

  across_.resize(target_width, source_height, GL_RGBA16F);
  result_.resize(target_width, target_height, GL_RGBA8);
  glDisable(GL_BLEND);
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_DEPTH_TEST);
  glUseProgram(program_.name());
  glBindVertexArray(vertex_array_.name());
  glActiveTexture(GL_TEXTURE0);
  pass(source, across_, 0, filter);
  pass(across_.texture(), result_, 1, filter);

  glBindVertexArray(0);
  glUseProgram(0);
  glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(old_framebuffer));
  glViewport(old_viewport[0], old_viewport[1], old_viewport[2], old_viewport[3]);
  return result_.texture();
}

Image Upscaler::read_back() const {
  Image image{result_.width(), result_.height(), {}};
  image.rgba.resize(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) *
                    4);
  glBindTexture(GL_TEXTURE_2D, result_.texture());
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, image.rgba.data());
  return image;
}

}  // namespace facemorph
