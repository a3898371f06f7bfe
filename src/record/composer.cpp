#include "record/composer.hpp"

#include "base/error.hpp"
#include "media/caption.hpp"

#include <algorithm>

namespace facemorph {
namespace {

constexpr std::uint32_t kBackground = 0x14161AFF;
constexpr int kCaptionShare = 12;  // of the width
constexpr int kGapShare = 96;

int even(int size) {
  return size - size % 2;
}

}  // namespace

Composer::Composer(const ExportSettings& settings, int columns, int rows, int face_width,
                   int face_height)
    : columns_(columns) {
  if (settings.size < kLeastSize || settings.size > kMostSize)
    throw UsageError("The size must be 16 to 4096 pixels, not " + std::to_string(settings.size) +
                     ".");
  const bool one = columns * rows == 1;
  gap_ = one ? 0 : std::max(2, even(settings.size / kGapShare));
  const bool even_sides = info_of(settings.format).even_sides;
  width_ = even_sides ? even(settings.size) : settings.size;
  cell_width_ = (width_ - gap_ * (columns + 1)) / columns;
  cell_height_ = std::max(1, cell_width_ * face_height / face_width);
  if (cell_width_ < 8)
    throw UsageError("So many faces do not fit into " + std::to_string(settings.size) +
                     " pixels. Ask for a larger size, or fewer faces.");
  enlarge_.emplace(face_width, face_height, cell_width_, cell_height_, settings.filter);
  const int caption = settings.caption.empty() ? 0 : even(std::max(16, width_ / kCaptionShare));
  height_ = cell_height_ * rows + gap_ * (rows + 1) + caption;
  if (even_sides) height_ += height_ % 2;
  if (height_ > 4 * kMostSize)
    throw UsageError("That picture would be " + std::to_string(height_) + " pixels high.");
  if (one && caption == 0 && height_ == cell_height_ && width_ == cell_width_) return;
  const std::uint32_t colour = settings.transparent ? 0 : kBackground;
  background_ = draw_caption({}, width_, height_, colour);
  if (caption > 0)
    place(background_, draw_caption(settings.caption, width_, caption, colour), 0,
          height_ - caption);
}

void Composer::place(Image& frame, const Image& picture, int x, int y) const {
  const auto row_bytes = static_cast<std::size_t>(picture.width) * 4;
  for (int row = 0; row < picture.height; ++row)
    std::copy_n(picture.rgba.data() + static_cast<std::size_t>(row) * row_bytes, row_bytes,
                frame.rgba.data() +
                    (static_cast<std::size_t>(y + row) * static_cast<std::size_t>(frame.width) +
                     static_cast<std::size_t>(x)) *
                        4);
}

Image Composer::compose(const Cells& cells) const {
  if (background_.rgba.empty()) return (*enlarge_)(*cells.front());
  Image frame = background_;
  const int free = width_ - columns_ * cell_width_ - (columns_ + 1) * gap_;  // from rounding
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int column = static_cast<int>(i) % columns_;
    const int row = static_cast<int>(i) / columns_;
    place(frame, (*enlarge_)(*cells[i]), free / 2 + gap_ + column * (cell_width_ + gap_),
          gap_ + row * (cell_height_ + gap_));
  }
  return frame;
}

}  // namespace facemorph
