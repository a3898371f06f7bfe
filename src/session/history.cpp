#include "session/history.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace facemorph {
namespace {

/// Calls `visit` with every face of a state, in an order that depends on nothing but their number.
template <typename State, typename Visit>
void for_each_face(State& state, Visit visit) {
  visit(state.face);
  for (auto& key : state.keys)
    visit(key.face);
  for (auto& corner : state.pad.corners)
    visit(corner);
  for (auto& term : state.sum.terms)
    for (auto& face : term.faces)
      visit(face);
}

std::shared_ptr<const Face> shared(Face face,
                                   const std::vector<std::shared_ptr<const Face>>& known) {
  const auto found = std::ranges::find_if(known, [&](const auto& other) { return *other == face; });
  return found != known.end() ? *found : std::make_shared<const Face>(std::move(face));
}

}  // namespace

bool Chapter::changed(const MorphState& state) const {
  return !saved || !edit_title(*saved, state).empty();
}

History::History(const Work& start, Chapter chapter) : now_(start) {
  steps_.push_back(pack(start, nullptr));
  steps_.back().title = "The beginning";
  *steps_.back().chapter = std::move(chapter);
}

bool History::record(const MorphState& state, const std::vector<Face>& favourites) {
  std::string title = edit_title(now_.state, state);
  if (title.empty()) title = edit_title(now_.favourites, favourites);
  if (title.empty()) {
    for (MorphState* kept : {&now_.state, &steps_[at_].state}) {
      kept->walking = state.walking;
      kept->playhead = state.playhead;
      kept->model = state.model;
    }
    return false;
  }
  now_ = {state, favourites};
  Step step = pack(now_, &steps_[at_]);
  step.title = std::move(title);
  push(std::move(step));
  return true;
}

void History::open(const Work& work, Chapter chapter, std::string title) {
  now_ = work;
  Step step = pack(work, &steps_[at_]);
  step.title = std::move(title);
  step.chapter = std::make_shared<Chapter>(std::move(chapter));
  push(std::move(step));
}

void History::push(Step step) {
  steps_.resize(at_ + 1);
  steps_.push_back(std::move(step));
  if (steps_.size() > kMostSteps + 1) steps_.pop_front();
  at_ = steps_.size() - 1;
}

Work History::go_to(std::size_t step) {
  assert(step < steps_.size());
  at_ = step;
  now_ = unpack(steps_[step]);
  return now_;
}

void History::move_model(const ModelRef& from, const ModelRef& to) {
  for (Step& step : steps_)
    if (step.state.model == from) step.state.model = to;
  if (now_.state.model == from) now_.state.model = to;
}

History History::recent(std::size_t most_steps) const {
  const std::size_t first = steps_.size() - std::min(steps_.size(), most_steps);
  History result;
  result.steps_.clear();
  std::shared_ptr<Chapter> copied_from;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const bool ends_chapter = i + 1 < steps_.size() && !continues(i + 1);
    if (i < first && i != at_ && !ends_chapter) continue;
    Step step = steps_[i];
    const bool same = step.chapter == std::exchange(copied_from, step.chapter);
    step.chapter = same ? result.steps_.back().chapter : std::make_shared<Chapter>(*step.chapter);
    if (i == at_) result.at_ = result.steps_.size();
    result.steps_.push_back(std::move(step));
  }
  result.now_ = now_;
  return result;
}

History::Step History::pack(const Work& work, const Step* before) {
  static const std::vector<std::shared_ptr<const Face>> kNone;
  const auto& known = before != nullptr ? before->faces : kNone;
  Step step;
  MorphState state = work.state;
  for_each_face(state,
                [&](Face& face) { step.faces.push_back(shared(std::exchange(face, {}), known)); });
  step.state = std::move(state);
  step.favourites = before != nullptr && *before->favourites == work.favourites
                        ? before->favourites
                        : std::make_shared<const std::vector<Face>>(work.favourites);
  step.chapter = before != nullptr ? before->chapter : std::make_shared<Chapter>();
  return step;
}

Work History::unpack(const Step& step) {
  Work work{step.state, *step.favourites};
  auto next = step.faces.begin();
  for_each_face(work.state, [&](Face& face) { face = **next++; });
  return work;
}

}  // namespace facemorph
