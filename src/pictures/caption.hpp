#pragma once

#include "pictures/image.hpp"

#include <string>

namespace facemorph {

/// One line of UTF-8 text in Inter, white on `background`, centred, shortened with … when it is too
/// wide. `height` is that of the strip; letters are half as high. Requires positive sizes.
Image draw_caption(const std::string& text, int width, int height, std::uint32_t background_rgba);

}  // namespace facemorph
