#pragma once

#include "record/export_settings.hpp"

#include <memory>
#include <optional>
#include <span>

namespace facemorph {

/// The pictures of one frame's cells; one that has not changed is the same object as before.
using Cells = std::vector<std::shared_ptr<const Image>>;

/// Puts the faces of a frame together at the size asked for: enlarged as on screen, with gaps
/// between them and a caption below.
class Composer {
 public:
  /// `columns` x `rows` faces of the given size. Throws UsageError when they would not fit.
  Composer(const ExportSettings& settings, int columns, int rows, int face_width, int face_height);

  int width() const { return width_; }
  int height() const { return height_; }
  /// Row by row; places of faces that are missing at the end stay empty.
  Image compose(const Cells& cells) const;

 private:
  void place(Image& frame, const Image& picture, int x, int y) const;

  int columns_;
  std::optional<Resizer> enlarge_;
  int gap_ = 0;
  int cell_width_ = 0;
  int cell_height_ = 0;
  int width_ = 0;
  int height_ = 0;
  Image background_;  ///< with the caption; empty when one face fills the frame
};

}  // namespace facemorph
