#pragma once

#include "session/history.hpp"

#include <filesystem>
#include <string>

namespace facemorph {

/// Work with the last of its undo history as JSON ("format": "facemorph-work", "version": 1): what
/// a window keeps for the next one. Sessions, which people name and send, are a format of their
/// own.
std::string work_to_text(const History& history);

/// Throws Error for text that is not such JSON, or holds no sound step. Steps that are not sound
/// are left out; at most 200 are read.
History work_from_text(const std::string& text);

/// Atomic. Throws Error.
void save_work(const std::filesystem::path& path, const History& history);
/// The same; and also a session that an earlier version kept safe. Throws Error that names the
/// file, also for one of more than 256 MB.
History load_work(const std::filesystem::path& path);

}  // namespace facemorph
