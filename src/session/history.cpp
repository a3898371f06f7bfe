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

History::History(const MorphState& start) {
  restart(start);
}

void History::restart(const MorphState& state) {
  steps_.clear();
  steps_.push_back(pack(state, nullptr));
  steps_.back().title = "The beginning";
  at_ = 0;
  now_ = state;
}

bool History::record(const MorphState& state) {
  if (state == now_) return false;
  std::string title = edit_title(now_, state);
  now_ = state;
  if (title.empty()) {
    steps_[at_].state.walking = state.walking;
    steps_[at_].state.playhead = state.playhead;
    steps_[at_].state.model = state.model;
    return false;
  }
  steps_.resize(at_ + 1);
  Step step = pack(state, &steps_.back());
  step.title = std::move(title);
  steps_.push_back(std::move(step));
  if (steps_.size() > kMostSteps + 1) steps_.pop_front();
  at_ = steps_.size() - 1;
  return true;
}

MorphState History::go_to(std::size_t step) {
  assert(step < steps_.size());
  MorphState state = unpack(steps_[step]);
  state.model = now_.model;
  at_ = step;
  now_ = state;
  return state;
}

History::Step History::pack(MorphState state, const Step* before) {
  static const std::vector<std::shared_ptr<const Face>> kNone;
  const auto& known = before != nullptr ? before->faces : kNone;
  Step step;
  for_each_face(state,
                [&](Face& face) { step.faces.push_back(shared(std::exchange(face, {}), known)); });
  step.state = std::move(state);
  return step;
}

MorphState History::unpack(const Step& step) {
  MorphState state = step.state;
  auto next = step.faces.begin();
  for_each_face(state, [&](Face& face) { face = **next++; });
  return state;
}

}  // namespace facemorph
