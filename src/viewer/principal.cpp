#include "viewer/principal.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "engine/principal_directions.hpp"
#include "session/session_file.hpp"

#include <cstdio>
#include <span>
#include <utility>

namespace facemorph {
namespace {

std::string title_of(std::size_t index, float share) {
  char text[48];
  std::snprintf(text, sizeof text, "Principal %zu · %.0f %%", index + 1,
                100 * static_cast<double>(share));
  return text;
}

std::vector<Direction> named(const std::vector<PrincipalDirection>& found) {
  std::vector<Direction> result;
  for (const PrincipalDirection& direction : found)
    result.push_back({title_of(result.size(), direction.share), direction.vector});
  return result;
}

/// Keeping them is a convenience: a full disk is no reason to lose them now.
void keep(const std::filesystem::path& file, const std::vector<Direction>& directions) {
  try {
    std::filesystem::create_directories(file.parent_path());
    save_directions(file, directions);
  } catch (const std::exception&) {
  }
}

}  // namespace

PrincipalFinder::PrincipalFinder(std::filesystem::path folder, Backstage& backstage,
                                 Notices& notices)
    : folder_(std::move(folder)),
      sender_(backstage.queue.sender()),
      notices_(notices),
      lane_(backstage, Workers::Manner::Prompt) {}

PrincipalFinder::~PrincipalFinder() {
  stop();
}

std::optional<float> PrincipalFinder::progress() const {
  return search_ ? std::optional(search_->progress.load()) : std::nullopt;
}

/// The same weights read another way are another network.
std::filesystem::path PrincipalFinder::file_of(const Model& model) const {
  std::string reading = model.recalibrated ? "recalibrated" : "";
  if (model.network)
    for (const auto& [key, value] : model.network->assumptions)
      reading += key + "=" + value + ";";
  const std::string read = content_hash(std::as_bytes(std::span(reading)));
  return folder_ / (model.hash + "-" + read.substr(0, 8) + ".json");
}

void PrincipalFinder::find(std::shared_ptr<const Model> model) {
  if (search_) return;
  auto search = std::make_shared<Search>();
  run(
      [model, search, file = file_of(*model), sender = sender_] {
        const auto progress = [&](double done) {
          search->progress = static_cast<float>(done);
          sender.wake();
        };
        const std::vector<Direction> found =
            named(find_principal_directions(*model, {}, progress, search->stop.get_token()));
        if (!found.empty()) keep(file, found);
        return found;
      },
      search);
}

void PrincipalFinder::stop() {
  if (search_) search_->stop.request_stop();
  search_.reset();
}

void PrincipalFinder::look_up(std::shared_ptr<const Model> model) {
  stop();
  directions_.clear();
  const std::filesystem::path file = file_of(*model);
  run(
      [file, size = static_cast<std::size_t>(model->arch.nz)] {
        std::error_code ignored;
        if (!std::filesystem::exists(file, ignored)) return std::vector<Direction>{};
        try {
          return load_directions(file, size);
        } catch (const Error&) {  // torn, or not ours: they can be found again
          return std::vector<Direction>{};
        }
      },
      std::make_shared<Search>());
}

/// A result of a search that was stopped, or of another model, finds search_ changed.
void PrincipalFinder::run(std::function<std::vector<Direction>()> work,
                          std::shared_ptr<Search> search) {
  search_ = search;
  lane_.run<std::vector<Direction>>(
      std::move(work),
      [this, search](std::vector<Direction> found) {
        if (search != search_) return;
        search_.reset();
        directions_ = std::move(found);
      },
      [this, search](const std::string& reason) {
        if (search != search_) return;
        search_.reset();
        notices_.error("Directions could not be found", reason);
      });
}

}  // namespace facemorph
