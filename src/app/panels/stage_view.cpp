#include "app/panels/stage_view.hpp"

namespace facemorph {

void StageView::show(const std::shared_ptr<const Image>& picture) {
  if (picture == picture_) return;
  picture_ = picture;
  if (resizer_ && !resizer_->takes(*picture_)) resizer_.reset();
  if (!by_processor_) source_.upload(*picture_);
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
    if (!resizer_) resizer_.emplace(picture_->width, picture_->height, width, height, filter);
    source_.upload((*resizer_)(*picture_));
    result_ = source_.view();
  } else {
    const TextureView source = source_.view();
    result_ = {upscaler_.render(source.name, picture_->height, width, height, filter),
               source.content + static_cast<std::uint32_t>(filter)};
  }
  return result_;
}

}  // namespace facemorph
