#pragma once

#include "session/morph_state.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace facemorph {

/// Whether a path can name something that carries the session it was made from: a video, an
/// animation, an archive or a folder of frames. Looks at the name alone, and at what a folder
/// holds.
bool may_carry_session(const std::filesystem::path& path);

/// The session file beside a video: NAME.mp4.facemorph.json.
std::filesystem::path session_beside(const std::filesystem::path& video);

/// The session of a session file, or the one that a video was made from: from the video itself,
/// else from the file beside it. Opens as load_session() does; throws Error.
MorphState load_made_by(const std::filesystem::path& path,
                        std::vector<std::string>* dropped = nullptr);

}  // namespace facemorph
