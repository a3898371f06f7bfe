#include "app/panels/stage_view.hpp"

#include <utility>

namespace facemorph {

void StageView::set_image(Image image) {
  if (resizer_ && !resizer_->takes(image)) resizer_.reset();
  image_ = std::move(image);
  if (!by_processor_) source_.upload(image_);
  changed_ = true;
}

TextureView StageView::texture(int width, int height, Filter filter) {
  const Look look{width, height, filter};
  if (look_ != look) {
    look_ = look;
    resizer_.reset();
  } else if (!changed_) {
    return result_;
  }
  changed_ = false;
  if (by_processor_) {
    if (!resizer_) resizer_.emplace(image_.width, image_.height, width, height, filter);
    source_.upload((*resizer_)(image_));
    result_ = source_.view();
  } else {
    const TextureView source = source_.view();
    result_ = {upscaler_.render(source.name, image_.height, width, height, filter),
               source.content + static_cast<std::uint32_t>(filter)};
  }
  return result_;
}

}  // namespace facemorph
