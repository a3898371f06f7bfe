#include "session/work_file.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "session/session_fields.hpp"
#include "session/session_file.hpp"

#include <algorithm>
#include <utility>

namespace facemorph {
namespace {

constexpr unsigned kVersion = 1;
constexpr std::size_t kMostSteps = 200;
constexpr std::size_t kMostFavourites = 1000;
constexpr std::size_t kMaxBytes = std::size_t{1} << 28U;

constexpr JsonLimits kWork{kMaxBytes, 32'000'000};

Json session_json(const MorphState& state) {
  return parse_json(to_json_text(state), kWork);
}

MorphState session_of(const Json& json) {
  std::vector<std::string> dropped;
  return sound_parts_of(json_text(json), dropped);
}

Json chapter_json(const Chapter& chapter) {
  Json json = {{"session", chapter.session.string()}};
  if (chapter.saved) json["saved"] = session_json(*chapter.saved);
  return json;
}

Chapter chapter_of(const Json& json) {
  const Fields fields(json, "chapter");
  Chapter chapter{fields.text("session", {}), std::nullopt};
  if (const Json* saved = fields.find("saved")) chapter.saved = session_of(*saved);
  return chapter;
}

Json step_json(const History& history, std::size_t step) {
  const Work work = history.work(step);
  Json json = {{"title", history.title(step)}, {"state", session_json(work.state)}};
  json["favourites"] = Json::array();
  for (const Face& face : work.favourites)
    json["favourites"].push_back(parse_json(face_to_text(face)));
  return json;
}

struct Step {
  Work work;
  std::string title;
  std::optional<Chapter> begins;
};

Step step_of(const Json& json) {
  const Fields fields(json, "step");
  const Json* state = fields.find("state");
  if (state == nullptr) fail("state", "it is missing");
  Step step{{session_of(*state), {}}, fields.text("title", "An edit"), std::nullopt};
  if (const Json* favourites = fields.find("favourites"))
    for (const Json& face : *favourites)
      if (step.work.favourites.size() < kMostFavourites)
        step.work.favourites.push_back(face_from_text(json_text(face)));
  if (const Json* chapter = fields.find("chapter")) step.begins = chapter_of(*chapter);
  return step;
}

/// Steps that are sound, with the index among them of the one to stand at.
std::pair<std::vector<Step>, std::size_t> steps_of(const Json& list, std::size_t at) {
  std::vector<Step> steps;
  std::size_t stands = 0;
  for (std::size_t i = 0; i < std::min(list.size(), kMostSteps); ++i) {
    try {
      Step step = step_of(list[i]);
      if (steps.empty() && !step.begins) step.begins = Chapter{};
      steps.push_back(std::move(step));
    } catch (const Error&) {  // the others are worth keeping
    } catch (const Json::exception&) {
    }
    if (i <= at && !steps.empty()) stands = steps.size() - 1;
  }
  return {std::move(steps), stands};
}

Json parse(const std::string& text) {
  try {
    return parse_json(text, kWork);
  } catch (const JsonError& error) {
    throw Error(std::string("This is no work that a window of Facemorph has kept: ") +
                error.what() + ".");
  }
}

}  // namespace

std::string work_to_text(const History& history) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < history.size(); ++i) {
    steps.push_back(step_json(history, i));
    if (!history.continues(i)) steps.back()["chapter"] = chapter_json(history.chapter(i));
  }
  const Json json = {{"format", "facemorph-work"},
                     {"version", kVersion},
                     {"at", history.at()},
                     {"steps", std::move(steps)}};
  return json_text(json) + "\n";
}

History work_from_text(const std::string& text) {
  const Json json = parse(text);
  if (!json.is_object() || json.value("format", Json()) != "facemorph-work")
    throw Error("This is no work that a window of Facemorph has kept.");
  const Fields fields(json, "");
  const Json* list = fields.find("steps");
  if (fields.count("version") > kVersion)
    throw Error("This work was kept by a newer Facemorph. Update Facemorph to go on with it.");
  if (list == nullptr || !list->is_array()) fail("steps", "a list is expected");
  auto [steps, stands] = steps_of(*list, fields.count("at"));
  if (steps.empty()) throw Error("This work holds no sound step.");
  History history(steps.front().work, *steps.front().begins);
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].begins)
      history.open(steps[i].work, *steps[i].begins, steps[i].title);
    else
      history.record(steps[i].work);
  }
  history.go_to(std::min(stands, history.size() - 1));
  return history;
}

void save_work(const std::filesystem::path& path, const History& history) {
  write_file_atomically(path, work_to_text(history));
}

History load_work(const std::filesystem::path& path) {
  const FileBytes file(path);
  if (file.bytes().size() > kMaxBytes)
    throw Error(path.string() + " is far too large for kept work.");
  const std::string text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  try {
    if (!is_session_name(path)) return work_from_text(text);
    std::vector<std::string> dropped;
    return History({sound_parts_of(text, dropped), {}});
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
}

}  // namespace facemorph
