#pragma once

#include "session/morph_state.hpp"

#include <filesystem>
#include <optional>

namespace facemorph {

/// Where the model of a session is now: where it was, or in the session's folder under the same
/// name, or there under another name with the same content. None for the bundled model.
/// Throws Error that names the model when it is nowhere.
std::optional<std::filesystem::path> find_session_model(const ModelRef& model,
                                                        const std::filesystem::path& session);

}  // namespace facemorph
