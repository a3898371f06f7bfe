#include "viewer/start.hpp"

#include "base/error.hpp"
#include "record/made_by.hpp"
#include "session/session_file.hpp"
#include "session/session_model.hpp"

namespace facemorph {
namespace {

bool asks_for_no_model(const ModelRequest& asked) {
  return (!asked.path || names_picture(*asked.path)) && !asked.state_dict &&
         asked.assumptions.empty() && !asked.recalibrate;
}

}  // namespace

bool names_work(const ModelRequest& request) {
  return request.path && (is_session_name(*request.path) || may_carry_session(*request.path));
}

bool names_picture(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".png" || extension == ".PNG";
}

Start make_start(const ModelRequest& asked, const EngineOptions& engine, const KeptWork& place) {
  Start start;
  start.kept = place.read();
  if (names_work(asked)) return start;
  const EngineOptions options = beside_a_window(engine);
  if (asks_for_no_model(asked) && start.kept.history) try {
      const History& kept = *start.kept.history;
      ModelRequest request;
      request.path = find_session_model(kept.model(kept.at()), place.file());
      start.opened = ready_to_show(load_model(request), options);
      return start;
    } catch (const std::exception& error) {
      start.missing = error.what();
    }
  ModelRequest request = asked;
  if (request.path && names_picture(*request.path)) request.path.reset();
  try {
    start.opened = ready_to_show(load_model(request), options);
  } catch (const std::exception& error) {
    start.problem = error.what();
  }
  return start;
}

}  // namespace facemorph
