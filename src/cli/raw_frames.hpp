#pragma once

#include "videos/video.hpp"

#include <memory>

namespace facemorph {

/// Frames as raw RGB24 on standard output, for other programs to read. A reader that goes away is
/// an Error.
std::unique_ptr<FrameWriter> open_standard_output();

}  // namespace facemorph
