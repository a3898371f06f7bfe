#include "viewer/session_keeper.hpp"

#include "base/error.hpp"
#include "record/made_by.hpp"
#include "session/session_file.hpp"
#include "session/session_model.hpp"

#include <utility>

namespace facemorph {

namespace fs = std::filesystem;

SessionKeeper::SessionKeeper(Backstage& backstage, Saver& saver, Notices& notices,
                             std::shared_ptr<const KeptWork> place)
    : saver_(saver),
      notices_(notices),
      place_(std::move(place)),
      reader_(backstage, Workers::Manner::Prompt) {}

void SessionKeeper::read(const fs::path& file, std::function<void(std::shared_ptr<Read>)> done,
                         std::function<void(const std::string&)> failed) {
  reader_.run<std::shared_ptr<Read>>(
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
      std::move(done), std::move(failed));
}

void SessionKeeper::save(const fs::path& path, const MorphState& state,
                         std::function<void()> done) {
  saver_.save(path, [path, state] { save_session(path, state); },
              {[this, path, done = std::move(done)] {
                 done();
                 notices_.info("Session saved", path.string());
               },
               [this](const std::string& reason) {
                 notices_.error("The session could not be saved", reason);
               }});
}

void SessionKeeper::keep(const History& history) {
  if (!place_->exists()) {
    const bool nothing_made =
        history.size() == 1 && !history.chapter().changed(history.work(0).state);
    if (!nothing_made) not_kept(place_->problem());
    return;
  }
  const auto copy = std::make_shared<const History>(history.recent(KeptWork::kMostSteps));
  saver_.save(
      place_->file(), [place = place_, copy] { place->write(*copy); },
      {[this] { problem_.clear(); }, [this](const std::string& reason) { not_kept(reason); }});
}

void SessionKeeper::not_kept(const std::string& reason) {
  if (problem_.empty())
    notices_.warn("Your work is not being kept",
                  reason + "\nSave the session somewhere else: File › Save session as.");
  problem_ = reason;
}

}  // namespace facemorph
