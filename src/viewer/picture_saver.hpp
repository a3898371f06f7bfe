#pragma once

#include "base/lanes.hpp"
#include "base/saver.hpp"
#include "pictures/image.hpp"
#include "viewer/notices.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace facemorph {

/// Pictures into the pictures folder: drawn on a lane of their own, written by the saver.
class PictureSaver {
 public:
  PictureSaver(Backstage& backstage, Saver& saver, Notices& notices);

  struct Picture {
    Image image;
    PngTexts texts;
  };
  /// Writes NAME.png, or NAME-2.png … where that is there. Messages call it a `what`, and add the
  /// `hint` to its path. `render` may take long; it must own what it uses.
  void save(const std::string& name, std::function<Picture()> render, const std::string& what,
            const std::string& hint = {});
  /// Pictures that are being drawn, and have not reached the saver.
  int rendering() const { return rendering_; }

 private:
  void write(const std::string& name, Picture picture, const std::string& what,
             const std::string& hint);

  Saver& saver_;
  Notices& notices_;
  int rendering_ = 0;
  std::uint64_t number_ = 0;
  Lane renderer_;
};

}  // namespace facemorph
