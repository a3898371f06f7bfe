#include "session/session_model.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFiles = 200;
constexpr std::uintmax_t kMostBytes = 2'000'000'000;

bool has_content(const fs::path& path, const std::string& hash) {
  try {
    return content_hash(FileBytes(path).bytes()) == hash;
  } catch (const Error&) {  // unreadable: not it
    return false;
  }
}

/// A file of the folder that holds the same bytes.
std::optional<fs::path> same_file(const fs::path& folder, const std::string& hash) {
  std::error_code ignored;
  int seen = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (++seen > kMostFiles) break;
    if (entry.is_regular_file(ignored) && entry.file_size(ignored) <= kMostBytes &&
        has_content(entry.path(), hash))
      return entry.path();
  }
  return std::nullopt;
}

}  // namespace

std::optional<fs::path> find_session_model(const ModelRef& model, const fs::path& session) {
  if (model.path.empty()) return std::nullopt;
  const fs::path before(model.path);
  std::error_code ignored;
  const bool run = fs::is_directory(before / "checkpoints", ignored);  // of training
  if (run || fs::is_regular_file(before, ignored)) return before;
  const fs::path folder = fs::absolute(session).parent_path();
  const fs::path beside = folder / before.filename();
  if (fs::is_regular_file(beside, ignored)) return beside;
  if (!model.hash.empty())
    if (auto found = same_file(folder, model.hash)) return found;
  throw Error("The model of this session, " + before.filename().string() + ", is not at " +
              before.parent_path().string() + " any more, and not in the session's folder.");
}

}  // namespace facemorph
