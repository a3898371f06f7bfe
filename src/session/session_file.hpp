#pragma once

#include "session/morph_state.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace facemorph {

/// The newest session format that this program reads, and the one it writes.
inline constexpr unsigned kSessionVersion = 3;

inline constexpr const char* kSessionExtension = ".facemorph.json";
bool is_session_name(const std::filesystem::path& path);
/// Where a session of that name is kept: absolute, with the extension.
std::filesystem::path session_path_of(const std::filesystem::path& name);

/// A session as human-readable JSON ("format": "facemorph-session", "version": 3; 1 had neither sum
/// nor directions, 2 neither times of keys nor tracks). Faces that are exactly a seed's latent are
/// stored as the seed, others as their values (round trip is identity).
std::string to_json_text(const MorphState& state);

/// Throws Error that names the field at fault ("keys[2].latent: …") for text that is not such JSON,
/// of a newer version, with latents of differing sizes, non-finite numbers, absurd sizes (nz >
/// 4096, more than 10,000 keys) or seconds_per_face <= 0.
MorphState from_json_text(const std::string& text);

/// As from_json_text, but a part that is not sound (a key, a term, the walk …) is left out, and
/// `dropped` learns why. Throws only where nothing is left: no JSON, a newer version, no face.
MorphState sound_parts_of(const std::string& text, std::vector<std::string>& dropped);

/// One face as JSON, for the clipboard; reading it back gives exactly that face.
std::string face_to_text(const Face& face);
/// Throws Error for anything else.
Face face_from_text(const std::string& text);

/// Directions of a model, for itself: {"format": "facemorph-directions", "version": 1, …}.
void save_directions(const std::filesystem::path& path, const std::vector<Direction>& directions);
/// Throws Error that names what is wrong, where: also for directions that are not of `size` values.
std::vector<Direction> load_directions(const std::filesystem::path& path, std::size_t size);
std::string directions_to_text(const std::vector<Direction>& directions);
std::vector<Direction> directions_from_text(const std::string& text, std::size_t size);

/// `*.facemorph.json`, written atomically; a state that could not be opened again (no face at all,
/// NaN) is refused and the old file kept. Errors name the path.
void save_session(const std::filesystem::path& path, const MorphState& state);
/// Opens as far as the file is sound; `dropped`, when given, learns what was left out. Without it
/// every fault is an Error.
MorphState load_session(const std::filesystem::path& path,
                        std::vector<std::string>* dropped = nullptr);

}  // namespace facemorph
