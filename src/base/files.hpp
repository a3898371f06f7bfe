#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace facemorph {

/// Writes all bytes to a temporary name beside `path`, syncs, renames over `path` and syncs the
/// folder: readers see the old file or the new one, never a torn one. Creates missing parent
/// folders; keeps the permissions of the file it replaces, and symbolic links. Throws Error naming
/// the path and the system's reason; the temporary file is removed.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// "PATH could not be written: the disk is full. …": what an errno means, and what to do.
std::string write_problem(const std::filesystem::path& path, int reason);

/// Gives a finished file another name: syncs it and its folder. Without `replace` an existing
/// target stays, and false is returned. Throws Error.
bool move_into_place(const std::filesystem::path& from, const std::filesystem::path& to,
                     bool replace);

/// Whether something is at a path; not where nothing can be: a name that is too long, for example.
bool is_there(const std::filesystem::path& path);

/// folder / (name + ending). Where that is longer than a file's name may be (255 bytes), the name
/// is cut short, and told from others that begin alike by a part of its hash.
std::filesystem::path path_in(const std::filesystem::path& folder, std::string name,
                              std::string_view ending);

/// The path itself if nothing is there, else the first free one of NAME-2.EXT, NAME-3.EXT …
/// `ending`: what stays behind the number where that is more than the extension.
std::filesystem::path unused_path(const std::filesystem::path& path, std::string ending = {});

/// Renames a file that cannot be read to NAME-damaged.EXT: it is never thrown away, as somebody may
/// be able to read it. Returns "\nIt is kept as PATH.", to be added to the reason; empty where it
/// had to stay.
std::string put_aside(const std::filesystem::path& file);

/// A name beside `target` for a file that is not finished; remove_unfinished_files() knows it.
std::filesystem::path unfinished_path(const std::filesystem::path& target);

/// Removes the temporary files that write_file_atomically() leaves in a folder when the process is
/// killed meanwhile. Only for folders that no other process writes to.
void remove_unfinished_files(const std::filesystem::path& folder);

/// XXH3-128 of a file's bytes as 32 hex digits: names a model independently of its path.
std::string content_hash(std::span<const std::byte> bytes);

/// The user's home, else "/".
std::filesystem::path home_folder();

/// A folder of that name there, else the home folder itself.
std::filesystem::path folder_at_home(const std::string& name);

/// $XDG_CONFIG_HOME/facemorph or ~/.config/facemorph. Not created.
std::filesystem::path config_folder();

/// Where bundled files live: $FACEMORPH_ASSETS, else beside the running program
/// (<exe>/../share/facemorph, <exe>/assets), else the source tree it was built from.
/// Throws Error listing the places when `relative` (e.g. "models/faces-64.safetensors") is in none.
std::filesystem::path find_asset(const std::filesystem::path& relative);

}  // namespace facemorph
