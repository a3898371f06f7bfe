#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "record/made_by.hpp"
#include "session/session_model.hpp"

#include <algorithm>

// Sessions: saved and opened on the disk's own thread, kept safe while the program runs.

namespace facemorph {
namespace {

namespace fs = std::filesystem;

std::string listed(const std::vector<std::string>& lines) {
  constexpr std::size_t kMost = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(lines.size(), kMost); ++i)
    text += (text.empty() ? "" : "\n") + lines[i];
  if (lines.size() > kMost) text += "\n… and " + std::to_string(lines.size() - kMost) + " more";
  return text;
}

}  // namespace

void Viewer::open_file(const fs::path& path) {
  std::error_code ignored;
  if (is_session_name(path))
    open_session(path);
  else if (fs::is_directory(path, ignored) && !may_carry_session(path) &&
           checkpoint_of(path) == path) {
    plan_training(path);
    wants_training_shown = true;
  } else if (may_carry_session(path))
    read_session(path, {}, path.filename().string());
  else if (path.extension() == ".png" || path.extension() == ".PNG")
    open_picture(path);
  else
    open_model(path);
}

void Viewer::open_session(const fs::path& path) {
  read_session(path, fs::absolute(path), path.filename().string());
}

void Viewer::read_session(const fs::path& file, const fs::path& home, const std::string& title) {
  struct Read {
    MorphState state;
    std::vector<std::string> dropped;
    std::optional<fs::path> model;
    std::string missing;  ///< why there is no model
  };
  disk_.run<std::shared_ptr<Read>>(
      [file] {
        auto read = std::make_shared<Read>();
        read->state = load_made_by(file, &read->dropped);
        try {
          read->model = find_session_model(read->state.model, file);
        } catch (const Error& error) {
          read->missing = error.what();
        }
        return read;
      },
      [this, home, title](const std::shared_ptr<Read>& read) {
        if (!read->dropped.empty())
          notify(Notice::Kind::Warning, "A part of " + title + " was not sound",
                 "Left out:\n" + listed(read->dropped));
        awaited_ = AwaitedSession{read->state, home};
        const bool is_open = model_ && model_->hash == read->state.model.hash;
        if (is_open)
          take_awaited_session();
        else if (read->missing.empty())
          open({read->model, std::nullopt, {}, false});
        else
          ask_for_model(read->missing);
      },
      [this, title](const std::string& reason) {
        notify(Notice::Kind::Error, "Could not open " + title, reason);
        if (!model_ && !loading_) open_bundled_model();
      });
}

void Viewer::ask_for_model(const std::string& why) {
  notify(Notice::Kind::Error, "Where is the model?",
         why + " Open it from where it is now, and the session goes on with it.");
  if (!model_ && !loading_) open_bundled_model();
}

/// The bundled model may be open only because there was no other.
void Viewer::take_awaited_session() {
  if (!awaited_ || !model_ || (bundled_ && !awaited_->state.model.path.empty())) return;
  const auto size = static_cast<std::size_t>(model_->arch.nz);
  auto [taken, home] = *std::exchange(awaited_, std::nullopt);
  if (taken.face.latent.size() != size) {
    notify(Notice::Kind::Error, "The session is of another model",
           "Its faces have " + std::to_string(taken.face.latent.size()) +
               " values; the model that is open takes " + std::to_string(size) + ".");
    return;
  }
  taken.model = state.model;
  if (taken.pad.corners.front().latent.empty()) taken.pad = state.pad;
  restore(std::move(taken));
  time = std::min(state.playhead, duration());
  playing = false;  // exactly what was on show when it was saved
  history_.restart(state);
  session_path_ = home;
  if (home.empty()) return;  // nobody has saved it yet
  saved_ = state;
  settings.remember(home);
}

void Viewer::save_session(const fs::path& asked) {
  fs::path path = asked;
  if (!is_session_name(path)) path += kSessionExtension;
  state.playhead = time;
  disk_.run<bool>(
      [path, copy = state] {
        facemorph::save_session(path, copy);
        return true;
      },
      [this, path, copy = state](bool) {
        session_path_ = fs::absolute(path);
        saved_ = copy;
        settings.remember(session_path_);
        if (!session_changed()) recovery_.forget();
        notify(Notice::Kind::Info, "Session saved", path.string());
      },
      [this](const std::string& reason) {
        notify(Notice::Kind::Error, "The session could not be saved", reason);
      });
}

bool Viewer::session_changed() const {
  return saved_ && !edit_title(*saved_, state).empty();
}

void Viewer::recover() {
  recovery_.take();
  read_session(recovery_.file(), {}, "the session that was lost");
}

}  // namespace facemorph
