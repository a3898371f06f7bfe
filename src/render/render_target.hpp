#pragma once

#include "render/gl_objects.hpp"

namespace facemorph {

/// A texture to draw into, whose pixels are taken as they are.
class RenderTarget {
 public:
  /// Makes room; what was in it is gone when the size is another. Returns whether it is. Throws
  /// Error when the driver cannot draw into such a texture. Requires a size above 0.
  bool resize(int width, int height, GLint format);

  GLuint texture() const { return texture_.name(); }
  GLuint framebuffer() const { return framebuffer_.name(); }
  int width() const { return width_; }
  int height() const { return height_; }

 private:
  GlTexture texture_;
  GlFramebuffer framebuffer_;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace facemorph
