#pragma once

#include "videos/video.hpp"

namespace facemorph {

/// Appends the session to a finished GIF, WebP or APNG, in a place that other readers skip: a
/// comment extension (GIF89a, section 24), a chunk of our own (WebP container specification,
/// "Unknown Chunks"), an iTXt chunk. Throws Error.
void embed_session(const std::filesystem::path& path, VideoFormat format, const std::string& text);

/// The keyword in PNG files.
inline constexpr const char* kSessionText = "facemorph-session";

}  // namespace facemorph
