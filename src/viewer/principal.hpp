#pragma once

#include "base/lanes.hpp"
#include "engine/model.hpp"
#include "session/morph_state.hpp"
#include "viewer/notices.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace facemorph {

/// Finds the principal directions of the model that is open, in the background, and keeps them by
/// the model's content for the next time.
class PrincipalFinder {
 public:
  PrincipalFinder(std::filesystem::path folder, Backstage& backstage, Notices& notices);
  ~PrincipalFinder();

  const std::vector<Direction>& directions() const { return directions_; }
  /// 0 … 1 while they are being found.
  std::optional<float> progress() const;

  void find(std::shared_ptr<const Model> model);
  void stop();
  /// Another model, or the same read another way: takes what was found for it before, if it was.
  void look_up(std::shared_ptr<const Model> model);

 private:
  struct Search {
    std::atomic<float> progress = 0;
    std::stop_source stop;
  };
  std::filesystem::path file_of(const Model& model) const;
  void run(std::function<std::vector<Direction>()> work, std::shared_ptr<Search> search);

  std::filesystem::path folder_;
  UiQueue::Sender sender_;
  Notices& notices_;
  std::vector<Direction> directions_;
  std::shared_ptr<Search> search_;  ///< under way
  Lane lane_;
};

}  // namespace facemorph
