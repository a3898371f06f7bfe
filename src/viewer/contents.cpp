#include "viewer/contents.hpp"

#include "record/made_by.hpp"
#include "session/session_file.hpp"

namespace facemorph {

namespace fs = std::filesystem;

Contents contents_of(const fs::path& path) {
  if (is_session_name(path)) return Contents::Session;
  if (may_carry_session(path)) return Contents::CarriesSession;
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return checkpoint_of(path) == path ? Contents::PicturesToLearn : Contents::Model;
  const std::string extension = path.extension().string();
  return extension == ".png" || extension == ".PNG" ? Contents::Picture : Contents::Model;
}

Contents contents_of(const ModelRequest& asked) {
  return asked.path ? contents_of(*asked.path) : Contents::Model;
}

}  // namespace facemorph
