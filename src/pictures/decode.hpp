#pragma once

#include "pictures/image.hpp"

#include <cstddef>
#include <span>

namespace facemorph {

/// Whether bytes begin as JPEG, PNG and WebP pictures do; kPictureBeginning of them are enough.
bool begins_as_picture(std::span<const std::byte> beginning);
inline constexpr std::size_t kPictureBeginning = 16;

/// What decoding a picture may take, its bytes included; and its bytes alone.
inline constexpr std::size_t kMostPictureMemory = std::size_t{200} << 20U;
inline constexpr std::size_t kMostPictureBytes = std::size_t{100} << 20U;

/// Decodes a JPEG, PNG or WebP picture, recognised by its content, upright (EXIF orientation), in
/// sRGB: 16 bits become 8, CMYK becomes RGB. What decoders only warn about does no harm.
/// When `least_side` is above 0, a picture much larger than that comes out smaller, shrunk while it
/// is decoded: with at least 2 * least_side on its shorter side or, where that would take too much
/// memory, least_side. Throws Error: what the bytes are, or what is wrong with them; also for a
/// picture that would take more than kMostPictureMemory or much more than a second.
Image decode_picture(std::span<const std::byte> bytes, int least_side = 0);

/// Turned and mirrored as EXIF orientation 1 to 8 asks, so that it stands upright.
Image upright(Image image, int orientation);
inline constexpr int kTransposed = 5;  ///< the orientation that makes rows of columns

}  // namespace facemorph
