#include "viewer/start.hpp"

#include "base/error.hpp"
#include "session/session_model.hpp"
#include "viewer/contents.hpp"

namespace facemorph {
namespace {

/// What is shown with whatever model is open.
bool takes_any_model(Contents contents) {
  return contents == Contents::Picture || contents == Contents::PicturesToLearn;
}

}  // namespace

Start make_start(const ModelRequest& asked, const EngineOptions& engine, const KeptWork& place) {
  Start start;
  start.kept = place.read();
  const Contents contents = contents_of(asked);
  if (is_work(contents)) return start;
  ModelRequest request = asked;
  if (takes_any_model(contents)) request.path.reset();
  const bool any =
      !request.path && !request.state_dict && request.assumptions.empty() && !request.recalibrate;
  const EngineOptions options = beside_a_window(engine);
  if (any && start.kept.history) try {
      const History& kept = *start.kept.history;
      ModelRequest last;
      last.path = find_session_model(kept.model(kept.at()), place.file());
      start.opened = ready_to_show(load_model(last), options);
      return start;
    } catch (const std::exception& error) {
      start.missing = error.what();
    }
  try {
    start.opened = ready_to_show(load_model(request), options);
  } catch (const std::exception& error) {
    start.problem = error.what();
  }
  return start;
}

}  // namespace facemorph
