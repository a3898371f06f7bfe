#include "render/image_texture.hpp"

#include "base/hash.hpp"

#include <cstring>
#include <span>

namespace facemorph {

ImageTexture::ImageTexture(Sampling sampling) {
  const GLint filter = sampling == Sampling::Linear ? GL_LINEAR : GL_NEAREST;
  glBindTexture(GL_TEXTURE_2D, texture_.name());
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

void ImageTexture::upload(const Image& image) {
  content_ = static_cast<std::uint32_t>(quick_hash(std::as_bytes(std::span(image.rgba))));
  glBindTexture(GL_TEXTURE_2D, texture_.name());
  if (image.width != width_ || image.height != height_) {
    width_ = image.width;
    height_ = image.height;
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width_, height_, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 nullptr);
  }
  const auto size = static_cast<GLsizeiptr>(image.rgba.size());
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, buffers_[next_buffer_].name());
  next_buffer_ = (next_buffer_ + 1) % buffers_.size();
  // A fresh store each time: the driver may still be reading the old one.
  glBufferData(GL_PIXEL_UNPACK_BUFFER, size, nullptr, GL_STREAM_DRAW);
  void* mapped = glMapBufferRange(GL_PIXEL_UNPACK_BUFFER, 0, size,
                                  GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_BUFFER_BIT);
  if (mapped != nullptr) {
    std::memcpy(mapped, image.rgba.data(), image.rgba.size());
    glUnmapBuffer(GL_PIXEL_UNPACK_BUFFER);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  }
  glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
}

}  // namespace facemorph
