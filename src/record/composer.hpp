#pragma once

#include "record/export_settings.hpp"

#include <memory>
#include <span>

namespace facemorph {

/// The pictures of one frame's cells; one that has not changed is the same object as before.
using Cells = std::vector<std::shared_ptr<const Image>>;

/// Where everything is in a frame, in pixels.
struct FrameShape {
  int width = 0;
  int height = 0;
  int columns = 1;
  int gap = 0;  ///< around the cells
  int cell_width = 0;
  int cell_height = 0;
  int caption = 0;  ///< height of its strip, at the bottom
};

/// For `columns` x `rows` faces of the given size. Throws UsageError when they would not fit.
FrameShape shape_of_frame(const ExportSettings& settings, int columns, int rows, int face_width,
                          int face_height);

/// Puts the faces of a frame together at the size asked for: enlarged as on screen, with gaps
/// between them and a caption below.
class Composer {
 public:
  /// Throws as shape_of_frame() does.
  Composer(const ExportSettings& settings, int columns, int rows, int face_width, int face_height);

  int width() const { return shape_.width; }
  int height() const { return shape_.height; }
  /// Row by row; places of faces that are missing at the end stay empty.
  Image compose(const Cells& cells) const;

 private:
  void place(Image& frame, const Image& picture, int x, int y) const;

  FrameShape shape_;
  Resizer enlarge_;
  Image background_;  ///< with the caption; empty when one face fills the frame
};

}  // namespace facemorph
