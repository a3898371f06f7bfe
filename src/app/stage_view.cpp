#include "app/stage_view.hpp"

#include <utility>

namespace facemorph {

void StageView::set_image(Image image) {
  image_ = std::move(image);
  if (!by_processor_) source_.upload(image_);
  last_.reset();
}

TextureView StageView::texture(int width, int height, Filter filter) {
  const std::tuple wanted{width, height, filter};
  if (last_ == wanted) return result_;
  last_ = wanted;
  if (by_processor_) {
    source_.upload(resize(image_, width, height, filter));
    result_ = source_.view();
  } else {
    const TextureView source = source_.view();
    result_ = {upscaler_.render(source.name, image_.height, width, height, filter),
               source.content + static_cast<std::uint32_t>(filter)};
  }
  return result_;
}

}  // namespace facemorph
