#include "session/session_file.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"

namespace facemorph {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{128} << 20;

/// Runs `work`; errors about the contents learn which file they are about.
template <typename Work>
auto naming(const std::filesystem::path& path, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
}

std::string text_of(const std::filesystem::path& path) {
  const FileBytes file(path);
  if (file.bytes().size() > kMaxBytes)
    throw Error(path.string() + " is not a Facemorph session: it is far too large for one.");
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

bool is_session_name(const std::filesystem::path& path) {
  return path.filename().string().ends_with(kSessionExtension);
}

std::filesystem::path session_path_of(const std::filesystem::path& name) {
  std::filesystem::path path = std::filesystem::absolute(name);
  if (!is_session_name(path)) path += kSessionExtension;
  return path;
}

void save_session(const std::filesystem::path& path, const MorphState& state) {
  const std::string text = to_json_text(state);
  // Never replace a good session by one that will not open.
  naming(path, [&] { return from_json_text(text); });
  write_file_atomically(path, text);
}

void save_directions(const std::filesystem::path& path, const std::vector<Direction>& directions) {
  write_file_atomically(path, directions_to_text(directions));
}

std::vector<Direction> load_directions(const std::filesystem::path& path, std::size_t size) {
  const std::string text = text_of(path);
  return naming(path, [&] { return directions_from_text(text, size); });
}

MorphState load_session(const std::filesystem::path& path, std::vector<std::string>* dropped) {
  const std::string text = text_of(path);
  return naming(path, [&] {
    return dropped != nullptr ? sound_parts_of(text, *dropped) : from_json_text(text);
  });
}

}  // namespace facemorph
