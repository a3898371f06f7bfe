#pragma once

#include "base/lanes.hpp"
#include "base/saver.hpp"
#include "viewer/kept_work.hpp"
#include "viewer/notices.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// Sessions to and from the disk, and the work that is kept for the next window. What is written
/// goes through the saver.
class SessionKeeper {
 public:
  SessionKeeper(Backstage& backstage, Saver& saver, Notices& notices,
                std::shared_ptr<const KeptWork> place);

  /// A session, or the one that a video carries, as far as it is sound.
  struct Read {
    MorphState state;
    std::vector<std::string> dropped;            ///< what was not sound
    std::optional<std::filesystem::path> model;  ///< its file; none: the bundled one
    std::string missing;                         ///< why there is no model
  };
  void read(const std::filesystem::path& file, std::function<void(std::shared_ptr<Read>)> done,
            std::function<void(const std::string&)> failed);

  /// Replaces what is there. `done` is called when it is on the disk; a message says so, or why
  /// not.
  void save(const std::filesystem::path& path, const MorphState& state, std::function<void()> done);

  /// Keeps the work for the next window.
  void keep(const History& history);
  /// Why that does not succeed; empty: it does.
  const std::string& problem() const { return problem_; }

 private:
  void not_kept(const std::string& reason);

  Saver& saver_;
  Notices& notices_;
  std::shared_ptr<const KeptWork> place_;
  std::string problem_;
  Lane reader_;
};

}  // namespace facemorph
