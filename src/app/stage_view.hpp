#pragma once

#include "render/image_texture.hpp"
#include "render/upscaler.hpp"

#include <optional>
#include <tuple>

namespace facemorph {

/// The stage's picture on the GPU: uploaded when it changes, upscaled when it or its size changes.
class StageView {
 public:
  void set_image(const Image& image) {
    source_.upload(image);
    last_.reset();
  }
  bool empty() const { return source_.empty(); }
  float aspect() const {
    return static_cast<float>(source_.width()) / static_cast<float>(source_.height());
  }
  /// The texture to draw at this size.
  GLuint texture(int width, int height, Filter filter) {
    const std::tuple wanted{width, height, filter};
    if (last_ != wanted) {
      result_ = upscaler_.render(source_.name(), source_.height(), width, height, filter);
      last_ = wanted;
    }
    return result_;
  }

 private:
  ImageTexture source_{ImageTexture::Sampling::Nearest};
  Upscaler upscaler_;
  GLuint result_ = 0;
  std::optional<std::tuple<int, int, Filter>> last_;
};

}  // namespace facemorph
