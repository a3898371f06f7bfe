#include "record/made_by.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "session/session_file.hpp"
#include "videos/video.hpp"

namespace facemorph {

namespace fs = std::filesystem;

bool may_carry_session(const fs::path& path) {
  if (is_session_name(path)) return false;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return fs::exists(path / frame_name(0), ignored);
  const auto format = video_format_of(path);
  return (format && *format != VideoFormat::PngFolder) || path.extension() == ".mkv";
}

fs::path session_beside(const fs::path& video) {
  return path_in(video.parent_path(), video.filename().string(), kSessionExtension);
}

MorphState load_made_by(const fs::path& path, std::vector<std::string>* dropped) {
  if (!may_carry_session(path)) return load_session(path, dropped);
  if (const auto text = read_video_session(path)) try {
      return dropped != nullptr ? sound_parts_of(*text, *dropped) : from_json_text(*text);
    } catch (const Error& error) {
      throw Error("The session that " + path.string() + " carries is not sound: " + error.what());
    }
  if (const fs::path beside = session_beside(path); is_there(beside))
    return load_session(beside, dropped);
  throw Error(path.string() +
              " carries no session of Facemorph. Open a video that Facemorph wrote, and that no "
              "other program has changed.");
}

}  // namespace facemorph
