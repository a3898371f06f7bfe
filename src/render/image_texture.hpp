#pragma once

#include "pictures/image.hpp"
#include "render/gl_objects.hpp"

#include <array>
#include <cstdint>

namespace facemorph {

/// A texture to look at: its name and a hash of what is in it, so that it can be seen whether a
/// frame differs from the one before.
struct TextureView {
  GLuint name = 0;
  std::uint32_t content = 0;
};

/// A texture fed with images through pixel buffer objects, so that the upload of one frame runs
/// while the next is prepared. RGBA8, clamped, no mipmaps.
class ImageTexture {
 public:
  enum class Sampling { Nearest, Linear };
  explicit ImageTexture(Sampling sampling);

  /// Replaces the contents; the size may change from image to image.
  void upload(const Image& image);

  TextureView view() const { return {texture_.name(), content_}; }
  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return width_ == 0; }

 private:
  GlTexture texture_;
  std::array<GlBuffer, 2> buffers_;
  std::size_t next_buffer_ = 0;
  std::uint32_t content_ = 0;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace facemorph
