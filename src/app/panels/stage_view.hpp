#pragma once

#include "pictures/image.hpp"
#include "render/image_texture.hpp"
#include "render/upscaler.hpp"

#include <memory>
#include <optional>

namespace facemorph {

/// The stage's picture on the GPU: uploaded when it changes, enlarged when it or its size changes.
class StageView {
 public:
  /// `by_processor`: it draws, too; its own resize() is several times faster than a shader that it
  /// follows step by step, and makes the same picture.
  explicit StageView(bool by_processor) : by_processor_(by_processor) {}

  /// Null until there is one.
  void show(const std::shared_ptr<const Image>& picture);
  bool empty() const { return !picture_; }
  float aspect() const {
    return static_cast<float>(picture_->width) / static_cast<float>(picture_->height);
  }
  /// The texture to draw at this size.
  TextureView texture(int width, int height, Filter filter);

 private:
  bool by_processor_;
  std::shared_ptr<const Image> picture_;
  std::optional<Resizer> resizer_;  ///< for pictures like this one and this look
  ImageTexture source_{ImageTexture::Sampling::Nearest};
  Upscaler upscaler_;
  TextureView result_;
  struct Look {
    int width = 0;
    int height = 0;
    Filter filter = kDefaultFilter;
    bool operator==(const Look&) const = default;
  };
  Look look_;             ///< of result_
  bool changed_ = false;  ///< the picture, since result_ was made
};

}  // namespace facemorph
