#pragma once

#include "render/image_texture.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace facemorph {

/// Pictures on the GPU for as long as they are drawn: uploaded when they are first asked for, let
/// go of when a few frames have not shown them. Needs a GL context as soon as it is asked.
class PictureTextures {
 public:
  /// Null where there is no picture.
  const ImageTexture* of(const std::shared_ptr<const Image>& picture);
  void begin_frame();

 private:
  struct Entry {
    std::shared_ptr<const Image> picture;  ///< so that its address is no other's
    std::unique_ptr<ImageTexture> texture;
    std::uint64_t asked_at = 0;  ///< frame
  };
  std::unordered_map<const Image*, Entry> entries_;
  std::vector<std::unique_ptr<ImageTexture>> spare_;  ///< to be filled again
  std::uint64_t frame_ = 0;
};

}  // namespace facemorph
