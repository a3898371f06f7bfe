#pragma once

#include "engine/model.hpp"

#include <filesystem>

namespace facemorph {

/// What a file or a folder that a person gives the window is, as far as its name and its place say.
enum class Contents {
  Model,  ///< or anything else: opening it says what is wrong
  Session,
  CarriesSession,  ///< a video, or a folder of frames
  Picture,         ///< that may carry a face
  PicturesToLearn  ///< a folder
};

/// Asks the disk.
Contents contents_of(const std::filesystem::path& path);
/// Of what a window is to begin with; the bundled model is a model.
Contents contents_of(const ModelRequest& asked);
inline bool is_work(Contents contents) {
  return contents == Contents::Session || contents == Contents::CarriesSession;
}

}  // namespace facemorph
