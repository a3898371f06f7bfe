#include "viewer/viewer.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>
#include <random>

// What a person does with faces: all of it edits the state, and record_edits() notices.

namespace facemorph {
namespace {

constexpr double kNearby = 0.45;  // radians between a face and one like it

bool same_latent(const Face& a, const Face& b) {
  return a.latent == b.latent;
}

}  // namespace

std::uint64_t Viewer::short_seed() {
  std::mt19937_64 generator(random_state_++);
  return std::uniform_int_distribution<std::uint64_t>(0, 9999)(generator);
}

Latent Viewer::shown_latent() const {
  return latent_at(state, time);
}

void Viewer::show_face(Face face) {
  state.face = std::move(face);
  state.walking = false;
  playing = false;
}

Face Viewer::shown_face() const {
  if (!moves(state)) return state.face;
  Face face{shown_latent(), std::nullopt, {}};
  if (!goes_through_faces(state.walk.path)) return face;
  // Exactly on a key the face is still that key's.
  const auto same = std::ranges::find_if(
      state.keys, [&](const Keyframe& key) { return same_latent(key.face, face); });
  return same == state.keys.end() ? face : same->face;
}

void Viewer::grab_shown() {
  if (state.walking) show_face(shown_face());
}

void Viewer::set_dimension(std::size_t index, float value) {
  grab_shown();
  state.face.latent.at(index) = value;
  state.face.seed.reset();
  state.face.name.clear();
}

void Viewer::randomise(std::size_t first, std::size_t last) {
  grab_shown();
  const Latent fresh = seed_latent(random_state_++, static_cast<int>(state.face.latent.size()));
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

void Viewer::random_face() {
  if (!model_) return;
  if (std::ranges::any_of(locked, [](bool lock) { return lock; })) {
    randomise(0, locked.size());
    return;
  }
  show_face(seed_face(short_seed(), model_->arch.nz));
}

void Viewer::step_seed(int by) {
  if (!model_) return;
  const std::uint64_t seed = shown_face().seed.value_or(state.face.seed.value_or(0));
  const std::uint64_t next = by < 0 && seed == 0 ? 0 : seed + static_cast<std::uint64_t>(by);
  show_face(seed_face(next, model_->arch.nz));
}

void Viewer::turn_gallery_page(int by) {
  std::uint64_t& first = gallery_first_seed;
  if (by > 0)
    first += gallery_page;
  else
    first = first > gallery_page ? first - gallery_page : 0;
}

std::vector<Face>& Viewer::favourites() {
  return settings.favourites[model_ ? model_->hash : std::string()];
}

bool Viewer::is_favourite(const Face& face) const {
  const auto list = settings.favourites.find(model_ ? model_->hash : std::string());
  return list != settings.favourites.end() &&
         std::ranges::any_of(list->second, [&](const Face& f) { return same_latent(f, face); });
}

void Viewer::toggle_favourite(const Face& face) {
  auto& list = favourites();
  if (std::erase_if(list, [&](const Face& f) { return same_latent(f, face); }) == 0)
    list.push_back(face);
  disk_.run<bool>(
      [path = options_.settings_path, copy = settings] {
        save_settings(path, copy);
        return true;
      },
      [](bool) {},
      [this](const std::string& reason) {
        notify(Notice::Kind::Error, "Favourites could not be kept", reason);
      });
}

void Viewer::jump_near() {
  if (!model_) return;
  const Latent here = shown_latent();
  const Latent fresh = seed_latent(random_state_++, static_cast<int>(here.size()));
  Face near;
  near.latent.resize(here.size());
  for (std::size_t i = 0; i < here.size(); ++i)
    near.latent[i] =
        locked[i] ? here[i]
                  : static_cast<float>(std::cos(kNearby) * here[i] + std::sin(kNearby) * fresh[i]);
  show_face(std::move(near));
}

void Viewer::paste_face(const std::string& text) {
  if (!model_) return;
  try {
    Face face = face_from_text(text);
    const auto size = static_cast<std::size_t>(model_->arch.nz);
    if (face.latent.size() != size)
      throw Error("This face has " + std::to_string(face.latent.size()) +
                  " values; the model that is open takes " + std::to_string(size) + ".");
    show_face(std::move(face));
  } catch (const Error& error) {
    notify(Notice::Kind::Warning, "Nothing to paste", error.what());
  }
}

// --- sums and directions ------------------------------------------------------------------------

Viewer::Mark Viewer::mark_of(const Face& face) const {
  const auto in = [&](std::size_t term) {
    return term < state.sum.terms.size() &&
           std::ranges::any_of(state.sum.terms[term].faces,
                               [&](const Face& other) { return same_latent(other, face); });
  };
  return in(0) ? Mark::Has : in(1) ? Mark::HasNot : Mark::None;
}

void Viewer::mark(const Face& face, bool has) {
  if (!model_ || state.sum.terms.size() < 2) return;
  const Mark before = mark_of(face);
  for (std::size_t term = 0; term < 2; ++term)
    std::erase_if(state.sum.terms[term].faces,
                  [&](const Face& other) { return same_latent(other, face); });
  if (before != (has ? Mark::Has : Mark::HasNot))
    state.sum.terms[has ? 0 : 1].faces.push_back(face);
}

void Viewer::add_direction(std::string name, Latent vector) {
  if (vector.empty()) {
    notify(Notice::Kind::Info, "No direction", "A and B do not differ.");
    return;
  }
  state.directions.push_back({std::move(name), std::move(vector)});
}

float Viewer::place_along(const Direction& direction) const {
  const Track target{TrackKind::Direction, direction, {}};
  if (keyed(target)) return track_value(*find_track(state, target), time_span(state), time).value;
  return facemorph::place_along(shown_latent(), direction.vector);
}

void Viewer::move_along(const Direction& direction, float place) {
  const Track target{TrackKind::Direction, direction, {}};
  if (keyed(target)) return write_key(target, place);
  grab_shown();
  std::vector<Latent> held;
  for (const auto* list : {&state.directions, &named_})
    for (const Direction& other : *list)
      if (hold_others && other.vector != direction.vector) held.push_back(other.vector);
  state.face = {moved_along(state.face.latent, direction.vector, place, held), std::nullopt, {}};
}

void Viewer::move_puck(float x, float y) {
  const Track target{TrackKind::Pad, {}, {}};
  if (keyed(target)) return write_key(target, x, y);
  state.pad.x = x;
  state.pad.y = y;
  show_face({blended(state.pad, x, y), std::nullopt, {}});
}

void Viewer::set_corner(std::size_t corner, Face face) {
  state.pad.corners.at(corner) = std::move(face);
}

void Viewer::random_corners() {
  for (Face& corner : state.pad.corners)
    corner = seed_face(short_seed(), model_->arch.nz);
}

void Viewer::find_directions() {
  if (model_) principal_.find(model_);
}

// --- undo
// -----------------------------------------------------------------------------------------

void Viewer::record_edits() {
  if (model_ && history_.record(state)) recovery_.keep(state, disk_);
}

void Viewer::undo() {
  record_edits();
  if (history_.can_undo()) restore(history_.undo());
}

void Viewer::redo() {
  record_edits();
  if (history_.can_redo()) restore(history_.redo());
}

void Viewer::go_to_step(std::size_t step) {
  record_edits();
  if (step < history_.size()) restore(history_.go_to(step));
}

void Viewer::restore(MorphState restored) {
  state = std::move(restored);
  if (!state.walking) playing = false;
  keep_in_walk();
}

}  // namespace facemorph
