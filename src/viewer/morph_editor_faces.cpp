#include "viewer/morph_editor.hpp"

#include "base/error.hpp"
#include "session/session_file.hpp"

#include <algorithm>
#include <cmath>
#include <random>

// What a person does with faces.

namespace facemorph {
namespace {

constexpr double kNearby = 0.45;  // radians between a face and one like it

bool same_latent(const Face& a, const Face& b) {
  return a.latent == b.latent;
}

}  // namespace

std::uint64_t MorphEditor::short_seed() {
  std::mt19937_64 generator(random_++);
  return std::uniform_int_distribution<std::uint64_t>(0, 9999)(generator);
}

Latent MorphEditor::shown_latent() const {
  return latent_at(state, state.playhead);
}

void MorphEditor::show_face(Face face) {
  state.face = std::move(face);
  state.walking = false;
  playing = false;
}

Face MorphEditor::shown_face() const {
  if (!moves(state)) return state.face;
  Face face{shown_latent(), std::nullopt, {}};
  if (!goes_through_faces(state.walk.path)) return face;
  // Exactly on a key the face is still that key's.
  const auto same = std::ranges::find_if(
      state.keys, [&](const Keyframe& key) { return same_latent(key.face, face); });
  return same == state.keys.end() ? face : same->face;
}

void MorphEditor::grab_shown() {
  if (state.walking) show_face(shown_face());
}

void MorphEditor::set_dimension(std::size_t index, float value) {
  grab_shown();
  state.face.latent.at(index) = value;
  state.face.seed.reset();
  state.face.name.clear();
}

void MorphEditor::randomise(std::size_t first, std::size_t last) {
  grab_shown();
  const Latent fresh = seed_latent(random_++, static_cast<int>(state.face.latent.size()));
  bool changed = false;
  for (std::size_t i = first; i < std::min(last, fresh.size()); ++i) {
    if (locked[i]) continue;
    state.face.latent[i] = fresh[i];
    changed = true;
  }
  if (!changed) return;
  state.face.seed.reset();
  state.face.name.clear();
}

void MorphEditor::random_face() {
  if (!ready()) return;
  if (std::ranges::any_of(locked, [](bool lock) { return lock; })) {
    randomise(0, locked.size());
    return;
  }
  show_face(seed_face(short_seed(), nz_));
}

void MorphEditor::step_seed(int by) {
  if (!ready()) return;
  const std::uint64_t seed = shown_face().seed.value_or(state.face.seed.value_or(0));
  const std::uint64_t next = by < 0 && seed == 0 ? 0 : seed + static_cast<std::uint64_t>(by);
  show_face(seed_face(next, nz_));
}

void MorphEditor::jump_near() {
  if (!ready()) return;
  const Latent here = shown_latent();
  const Latent fresh = seed_latent(random_++, static_cast<int>(here.size()));
  Face near;
  near.latent.resize(here.size());
  for (std::size_t i = 0; i < here.size(); ++i)
    near.latent[i] =
        locked[i] ? here[i]
                  : static_cast<float>(std::cos(kNearby) * here[i] + std::sin(kNearby) * fresh[i]);
  show_face(std::move(near));
}

void MorphEditor::name_face(const Face& face, const std::string& name) {
  const auto call = [&](Face& other) {
    if (same_latent(other, face)) other.name = name;
  };
  call(state.face);
  for (Keyframe& key : state.keys)
    call(key.face);
  std::ranges::for_each(favourites, call);
  std::ranges::for_each(state.pad.corners, call);
  for (SumTerm& term : state.sum.terms)
    std::ranges::for_each(term.faces, call);
}

std::string MorphEditor::copy_face() const {
  return face_to_text(shown_face());
}

void MorphEditor::paste_face(const std::string& text) {
  if (!ready()) return;
  try {
    Face face = face_from_text(text);
    const auto size = static_cast<std::size_t>(nz_);
    if (face.latent.size() != size)
      throw Error("This face has " + std::to_string(face.latent.size()) +
                  " values; the model that is open takes " + std::to_string(size) + ".");
    show_face(std::move(face));
  } catch (const Error& error) {
    notices_.warn("Nothing to paste", error.what());
  }
}

// --- sums and directions ------------------------------------------------------------------------

MorphEditor::Mark MorphEditor::mark_of(const Face& face) const {
  const auto in = [&](std::size_t term) {
    return term < state.sum.terms.size() &&
           std::ranges::any_of(state.sum.terms[term].faces,
                               [&](const Face& other) { return same_latent(other, face); });
  };
  return in(0) ? Mark::Has : in(1) ? Mark::HasNot : Mark::None;
}

void MorphEditor::mark(const Face& face, bool has) {
  if (!ready() || state.sum.terms.size() < 2) return;
  const Mark before = mark_of(face);
  for (std::size_t term = 0; term < 2; ++term)
    std::erase_if(state.sum.terms[term].faces,
                  [&](const Face& other) { return same_latent(other, face); });
  if (before != (has ? Mark::Has : Mark::HasNot))
    state.sum.terms[has ? 0 : 1].faces.push_back(face);
}

void MorphEditor::add_direction(std::string name, Latent vector) {
  if (vector.empty()) {
    notices_.info("No direction", "A and B do not differ.");
    return;
  }
  state.directions.push_back({std::move(name), std::move(vector)});
}

float MorphEditor::place_along(const Direction& direction) const {
  const TrackTarget target{TrackKind::Direction, direction};
  if (keyed(target))
    return track_value(*find_track(state, target), time_span(state), state.playhead).value;
  return facemorph::place_along(shown_latent(), direction.vector);
}

void MorphEditor::move_along(const Direction& direction, float place,
                             std::span<const Direction> others) {
  const TrackTarget target{TrackKind::Direction, direction};
  if (keyed(target)) return write_key(target, place);
  grab_shown();
  std::vector<Latent> held;
  for (const std::span<const Direction> list :
       {std::span<const Direction>(state.directions), others})
    for (const Direction& other : list)
      if (hold_others && other.vector != direction.vector) held.push_back(other.vector);
  state.face = {moved_along(state.face.latent, direction.vector, place, held), std::nullopt, {}};
}

void MorphEditor::move_puck(float x, float y) {
  const TrackTarget target{TrackKind::Pad, {}};
  if (keyed(target)) return write_key(target, x, y);
  state.pad.x = x;
  state.pad.y = y;
  show_face({blended(state.pad, x, y), std::nullopt, {}});
}

void MorphEditor::set_corner(std::size_t corner, Face face) {
  state.pad.corners.at(corner) = std::move(face);
}

void MorphEditor::random_corners() {
  for (Face& corner : state.pad.corners)
    corner = seed_face(short_seed(), nz_);
}

// --- favourites ---------------------------------------------------------------------------------

bool MorphEditor::is_favourite(const Face& face) const {
  return std::ranges::any_of(favourites, [&](const Face& f) { return same_latent(f, face); });
}

void MorphEditor::toggle_favourite(const Face& face) {
  if (std::erase_if(favourites, [&](const Face& f) { return same_latent(f, face); }) == 0)
    favourites.push_back(face);
}

void MorphEditor::move_favourite(std::size_t from, std::size_t to) {
  const auto begin = favourites.begin();
  const auto at = [&](std::size_t index) { return begin + static_cast<std::ptrdiff_t>(index); };
  if (from < to)
    std::rotate(at(from), at(from + 1), at(to + 1));
  else
    std::rotate(at(to), at(from), at(from + 1));
}

}  // namespace facemorph
