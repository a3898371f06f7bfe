#include "record/composer.hpp"

#include "base/error.hpp"
#include "pictures/caption.hpp"

#include <algorithm>

namespace facemorph {
namespace {

constexpr std::uint32_t kBackground = 0x14161AFF;
constexpr int kCaptionShare = 12;  // of the width
constexpr int kGapShare = 96;
constexpr int kLeastCell = 8;

int even(int size) {
  return size - size % 2;
}

}  // namespace

FrameShape shape_of_frame(const ExportSettings& settings, int columns, int rows, int face_width,
                          int face_height) {
  if (settings.size < kLeastSize || settings.size > kMostSize)
    throw UsageError("The size must be 16 to 4096 pixels, not " + std::to_string(settings.size) +
                     ".");
  const bool even_sides = info_of(settings.format).even_sides;
  FrameShape shape;
  shape.columns = columns;
  shape.gap = columns * rows == 1 ? 0 : std::max(2, even(settings.size / kGapShare));
  shape.width = even_sides ? even(settings.size) : settings.size;
  shape.cell_width = (shape.width - shape.gap * (columns + 1)) / columns;
  shape.cell_height = std::max(1, shape.cell_width * face_height / face_width);
  if (shape.cell_width < kLeastCell)
    throw UsageError("So many faces do not fit into " + std::to_string(settings.size) +
                     " pixels. Ask for a larger size, or fewer faces.");
  shape.caption = settings.caption.empty() ? 0 : even(std::max(16, shape.width / kCaptionShare));
  shape.height = shape.cell_height * rows + shape.gap * (rows + 1) + shape.caption;
  if (even_sides) shape.height += shape.height % 2;
  if (shape.height > 4 * kMostSize)
    throw UsageError("That picture would be " + std::to_string(shape.height) + " pixels high.");
  return shape;
}

Composer::Composer(const ExportSettings& settings, int columns, int rows, int face_width,
                   int face_height)
    : shape_(shape_of_frame(settings, columns, rows, face_width, face_height)),
      enlarge_(face_width, face_height, shape_.cell_width, shape_.cell_height, settings.filter) {
  if (shape_.height == shape_.cell_height && shape_.width == shape_.cell_width) return;
  const std::uint32_t colour = settings.transparent ? 0 : kBackground;
  background_ = draw_caption({}, shape_.width, shape_.height, colour);
  if (shape_.caption > 0)
    place(background_, draw_caption(settings.caption, shape_.width, shape_.caption, colour), 0,
          shape_.height - shape_.caption);
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
  if (background_.rgba.empty()) return enlarge_(*cells.front());
  Image frame = background_;
  const int across = shape_.cell_width + shape_.gap;
  const int down = shape_.cell_height + shape_.gap;
  const int free = shape_.width - shape_.columns * across - shape_.gap;  // from rounding
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int column = static_cast<int>(i) % shape_.columns;
    const int row = static_cast<int>(i) / shape_.columns;
    place(frame, enlarge_(*cells[i]), free / 2 + shape_.gap + column * across,
          shape_.gap + row * down);
  }
  return frame;
}

}  // namespace facemorph
