#pragma once

#include "pictures/image.hpp"
#include "render/gl_objects.hpp"
#include "render/render_target.hpp"

namespace facemorph {

/// Resizes a texture on the GPU with the filters of media/image.hpp: two separable passes, first
/// across, then down. The result is kept until something changes, so an idle window costs nothing.
class Upscaler {
 public:
  Upscaler();

  /// Renders `source` at the target size; returns a texture that stays valid
  /// until the next call. Restores the framebuffer and viewport it found.
  GLuint render(GLuint source, int source_height, int target_width, int target_height,
                Filter filter);

  /// Reads the last result back, as it would be on screen. For tests and screenshots.
  Image read_back() const;

 private:
  void pass(GLuint source, const RenderTarget& target, int axis, Filter filter);

  GlProgram program_;
  GlVertexArray vertex_array_;
  GLint axis_location_;
  GLint filter_location_;
  GLint target_size_location_;
  RenderTarget across_;  ///< half floats: Lanczos overshoots between the passes
  RenderTarget result_;
};

}  // namespace facemorph
