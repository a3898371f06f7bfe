#include "viewer/morph_editor.hpp"

#include <algorithm>
#include <cassert>

// Which work is edited: begun, opened, kept, undone. The edits themselves are in
// morph_editor_faces.cpp and morph_editor_walk.cpp.

namespace facemorph {
namespace {

/// The walk that a newcomer sees first.
void show_first_walk(MorphState& state, int nz) {
  state.face = seed_face(kFirstWalkSeeds.front(), nz);
  for (const std::uint64_t seed : kFirstWalkSeeds)
    append_key(state, seed_face(seed, nz));
  state.walking = true;
}

}  // namespace

// --- the model behind it ------------------------------------------------------------------------

void MorphEditor::begin(const ModelRef& model, int nz, std::vector<Face> its_favourites,
                        const std::string& title) {
  const bool first = !ready();
  state = {};
  state.model = model;
  favourites = std::move(its_favourites);
  fit(nz);
  show_first_walk(state, nz);
  playing = true;
  selected.reset();
  region.reset();
  const Chapter chapter{{}, state};
  if (first && history_.size() == 1 && !history_.chapter().saved)
    history_ = History(work(), chapter);
  else
    history_.open(work(), chapter, title);
  unkept_ = true;
}

void MorphEditor::begin_afresh() {
  if (!ready()) return;
  record_edits();
  begin(ModelRef(state.model), nz_, std::vector<Face>(favourites), "Begin afresh");
}

void MorphEditor::change_model(const ModelRef& model, int nz, std::vector<Face> its_favourites,
                               const std::string& name) {
  record_edits();
  state.model = model;
  favourites = std::move(its_favourites);
  fit(nz);
  keep_in_walk();
  history_.open(work(), {{}, state}, "Open " + name);
  unkept_ = true;
}

void MorphEditor::open(MorphState opened, int nz, Chapter chapter, std::vector<Face> its_favourites,
                       const std::string& name) {
  assert(ready());
  record_edits();
  nz_ = nz;
  if (opened.pad.corners.front().latent.empty()) opened.pad = state.pad;
  take({std::move(opened), std::move(its_favourites)});
  playing = false;  // exactly what was on show when it was saved
  if (chapter.saved) chapter.saved = state;
  history_.open(work(), std::move(chapter), "Open " + name);
  unkept_ = true;
}

void MorphEditor::go_on(History kept, const ModelRef& model, int nz,
                        std::vector<Face> its_favourites) {
  history_ = std::move(kept);
  Work now = history_.work(history_.at());
  now.state.model = model;
  now.favourites = std::move(its_favourites);  // newer than the history's
  fit(nz);
  take(std::move(now));
  playing = false;
  history_.record(work());
}

void MorphEditor::remember(History kept) {
  history_ = std::move(kept);
}

void MorphEditor::fit(int nz) {
  nz_ = nz;
  locked.resize(static_cast<std::size_t>(nz), false);
  for (std::size_t i = 0; i < state.pad.corners.size(); ++i) {
    Face& corner = state.pad.corners[i];
    if (corner.latent.size() != static_cast<std::size_t>(nz))
      corner = seed_face(corner.seed.value_or(kFirstWalkSeeds[i]), nz);
  }
  fit_faces();
}

/// A latent of another size without a seed means nothing to this model.
void MorphEditor::fit_faces() {
  const auto size = static_cast<std::size_t>(nz_);
  const auto refit = [this, size](Face& face) {
    if (face.latent.size() == size) return;
    const std::string name = face.name;
    face = seed_face(face.seed.value_or(0), nz_);
    face.name = name;
  };
  const auto meaningless = [size](const Face& face) {
    return face.latent.size() != size && !face.seed;
  };
  refit(state.face);
  std::erase_if(state.keys, [&](const Keyframe& key) { return meaningless(key.face); });
  for (Keyframe& key : state.keys)
    refit(key.face);
  for (SumTerm& term : state.sum.terms) {
    std::erase_if(term.faces, meaningless);
    std::ranges::for_each(term.faces, refit);
  }
  std::erase_if(state.directions,
                [size](const Direction& direction) { return direction.vector.size() != size; });
  std::erase_if(state.tracks, [size](const Track& track) {
    return track.target.kind == TrackKind::Direction &&
           track.target.direction.vector.size() != size;
  });
}

void MorphEditor::refer_to(const ModelRef& model) {
  if (state.model == model) return;
  history_.move_model(state.model, model);
  state.model = model;
}

// --- undo ---------------------------------------------------------------------------------------

bool MorphEditor::record_edits() {
  if (!ready()) return false;
  const bool edited = history_.record(state, favourites);
  unkept_ = unkept_ || edited;
  return edited;
}

void MorphEditor::go_to_step(std::size_t step, int nz) {
  assert(step < history_.size());
  nz_ = nz;
  const ModelRef model = state.model;
  const double playhead = state.playhead;
  const Chapter* chapter = &history_.chapter();
  take(history_.go_to(step));
  unkept_ = true;
  if (state.model.hash == model.hash) state.model = model;
  if (chapter != &history_.chapter()) return;  // something else that was opened
  state.playhead = playhead;
  keep_in_walk();
}

void MorphEditor::take(Work taken) {
  state = std::move(taken.state);
  favourites = std::move(taken.favourites);
  fit(nz_);
  if (!state.walking) playing = false;
  keep_in_walk();
}

void MorphEditor::saved_as(const std::filesystem::path& session, const MorphState& as) {
  history_.set_chapter({session, as});
  unkept_ = true;
}

}  // namespace facemorph
