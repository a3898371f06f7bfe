#pragma once

#include "pictures/image.hpp"

#include <cstddef>
#include <span>

namespace facemorph {

/// Decodes a JPEG, PNG or WebP picture, recognised by its content, upright (EXIF orientation).
/// When `least_side` is above 0, a picture much larger than that may come out smaller, but not
/// below 2 * least_side on its shorter side: JPEG can skip most of its work then.
/// Throws Error: what the bytes are, or what is wrong with them. Nothing is allocated that the
/// bytes could not fill; pictures above 16384 on a side or 200 million pixels are refused.
Image decode_picture(std::span<const std::byte> bytes, int least_side = 0);

}  // namespace facemorph
