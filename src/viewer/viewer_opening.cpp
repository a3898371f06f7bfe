#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "record/made_by.hpp"
#include "session/session_file.hpp"
#include "viewer/contents.hpp"

#include <algorithm>

// How work and models come into the window. Whatever is opened takes the place of what was there in
// one step that undo takes back: nothing is asked, and nothing is lost.

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

std::string failure_to_open(const ModelRequest& asked) {
  return "Could not open " + (asked.path ? asked.path->filename().string() : "the bundled model");
}

bool fits(const MorphState& state, const Model& model) {
  return static_cast<int>(state.face.latent.size()) == model.arch.nz;
}

}  // namespace

// --- beginning ----------------------------------------------------------------------------------

void Viewer::begin(const ModelRequest& asked, std::shared_future<std::shared_ptr<Start>> start) {
  starting_ = std::move(start);
  const Contents contents = contents_of(asked);
  asked_for_model_ = asked.path && (contents == Contents::Model || is_work(contents));
  if (contents == Contents::Picture) awaited_picture_ = asked.path;
  if (contents == Contents::PicturesToLearn) learn_from(*asked.path);
  if (!is_work(contents)) {
    model.open(
        [starting = starting_] {
          const std::shared_ptr<Start> ready = starting.get();
          if (!ready->opened) throw Error(ready->problem);
          return ready->opened;
        },
        failure_to_open(asked));
    return;
  }
  opener_.run<bool>(
      [starting = starting_] {
        starting.wait();
        return true;
      },
      [this, path = *asked.path](bool) { open_file(path); }, [](const std::string&) {});
}

void Viewer::show_first_model() {
  Start start;
  if (starting_.valid()) start = std::move(*starting_.get());  // it is ready by now
  const auto nz = model.get()->arch.nz;
  auto& kept = start.kept.history;
  if (!start.kept.problem.empty())
    notices.warn("What was kept last time cannot be read", start.kept.problem);
  if (kept && kept->size() == 1 && !kept->chapter().changed(kept->work(0).state))
    kept.reset();  // nobody has done anything yet: the walk plays again
  const MorphState last = kept ? kept->work(kept->at()).state : MorphState();
  const bool go_on = kept && !asked_for_model_ && start.missing.empty() && fits(last, *model.get());
  if (go_on) {
    editor.go_on(std::move(*kept), model.ref(), nz, kept_faces());
    notices.info("Here is where you left off", "File › New begins afresh.");
  } else {
    if (kept) editor.remember(std::move(*kept));
    editor.begin(model.ref(), nz, kept_faces(), "Open " + model.get()->name);
    if (!start.missing.empty()) await({last, {}, "what was kept"}, {}, start.missing);
  }
  if (start.kept.others)
    notices.info("Another window's work is kept as well",
                 "Start Facemorph once more, beside this window, to go on with it.");
  take_awaited();
  if (const auto picture = std::exchange(awaited_picture_, std::nullopt)) open_picture(*picture);
}

// --- models -------------------------------------------------------------------------------------

void Viewer::model_opened(std::unique_ptr<Engine> engine, bool alike) {
  note_favourites();  // of the model before
  stage.set_engine(std::move(engine), alike);
  recorder.probe();
  if (!editor.ready())
    show_first_model();
  else if (take_step() || take_awaited())
    ;
  else if (alike)
    editor.refer_to(model.ref());
  else
    show_other_model();
  if (!alike && !model.bundled()) settings.remember(model.ref().path);
}

void Viewer::show_other_model() {
  const History& history = editor.history();
  editor.change_model(model.ref(), model.get()->arch.nz, kept_faces(), model.get()->name);
  if (history.chapter(history.at() - 1).changed(history.work(history.at() - 1).state))
    notices.info("Opened " + model.get()->name, "Ctrl+Z brings back what was here before.");
}

void Viewer::open_model(const std::optional<fs::path>& path) {
  awaited_step_.reset();
  training.let_go();
  model.open({path, std::nullopt, {}, false});
}

void Viewer::open_bundled_model() {
  open_model(std::nullopt);
}

void Viewer::open_model_of_favourites(const std::string& hash) {
  const auto kept = settings.favourites.find(hash);
  if (kept == settings.favourites.end()) return;
  const std::string& path = kept->second.path;
  open_model(path.empty() ? std::nullopt : std::optional<fs::path>(path));
}

/// The open model's favourites.
std::vector<Face> Viewer::kept_faces() const {
  const auto kept = settings.favourites.find(model.get()->hash);
  return kept == settings.favourites.end() ? std::vector<Face>() : kept->second.faces;
}

// --- files --------------------------------------------------------------------------------------

void Viewer::open_file(const fs::path& path) {
  sorter_.emplace(backstage_, Workers::Manner::Prompt);
  sorter_->run<Contents>([path] { return contents_of(path); },
                         [this, path](Contents contents) {
                           switch (contents) {
                             case Contents::Session:
                               return open_session(path);
                             case Contents::CarriesSession:
                               return read_work(path, {});
                             case Contents::Picture:
                               return open_picture(path);
                             case Contents::PicturesToLearn:
                               return learn_from(path);
                             case Contents::Model:
                               return open_model(path);
                           }
                         },
                         [this, path](const std::string& reason) {
                           notices.error("Could not open " + path.filename().string(), reason);
                         });
}

void Viewer::learn_from(const fs::path& folder) {
  training.plan_for(folder);
  training_wish_ = true;
}

void Viewer::open_session(const fs::path& path) {
  read_work(path, fs::absolute(path));
}

void Viewer::read_work(const fs::path& file, const fs::path& home) {
  const std::string name = file.filename().string();
  sessions_.read(
      file,
      [this, home, name](const std::shared_ptr<SessionKeeper::Read>& read) {
        if (!read->dropped.empty())
          notices.warn("A part of " + name + " was not sound",
                       "Left out:\n" + listed(read->dropped));
        await({read->state, {home, read->state}, name}, read->model, read->missing);
      },
      [this, name](const std::string& reason) {
        notices.error("Could not open " + name, reason);
        if (!editor.ready() && !model.loading()) open_bundled_model();
      });
}

/// What was read is shown with its model: the one that is open, another one, or one that the person
/// finds.
void Viewer::await(Awaited awaited, const std::optional<fs::path>& its_model,
                   const std::string& missing) {
  const std::string hash = awaited.state.model.hash;
  awaited_ = std::move(awaited);
  awaited_step_.reset();
  if (editor.ready() && model.get()->hash == hash) {
    take_awaited();
  } else if (missing.empty()) {
    open_model(its_model);
  } else {
    ask_for_model(missing);
  }
}

void Viewer::ask_for_model(const std::string& why) {
  notices.error("Where is the model?",
                why + " Open it from where it is now, and the session goes on with it.");
  if (!editor.ready() && !model.loading()) open_bundled_model();
}

/// The bundled model may be open only because there was no other.
bool Viewer::take_awaited() {
  if (!awaited_ || (model.bundled() && !awaited_->state.model.path.empty())) return false;
  Awaited taken = *std::exchange(awaited_, std::nullopt);
  if (!fits(taken.state, *model.get())) {
    notices.error("The session is of another model",
                  "Its faces have " + std::to_string(taken.state.face.latent.size()) +
                      " values; the model that is open takes " +
                      std::to_string(model.get()->arch.nz) + ".");
    return false;
  }
  const History& history = editor.history();
  const bool edited = editor.changed();
  const fs::path home = taken.chapter.session;
  taken.state.model = model.ref();
  if (home.empty()) taken.chapter.saved.reset();  // nobody has saved it yet
  editor.open(std::move(taken.state), model.get()->arch.nz, std::move(taken.chapter), kept_faces(),
              taken.name);
  if (!home.empty()) settings.remember(home);
  if (edited && history.can_undo())
    notices.info("Opened " + taken.name, "Ctrl+Z brings back what was here before.");
  return true;
}

}  // namespace facemorph
