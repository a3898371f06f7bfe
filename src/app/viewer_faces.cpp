#include "app/viewer.hpp"

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

/// Of four digits: easy to read out and to type again.
std::uint64_t random_seed(std::mt19937_64& generator) {
  return std::uniform_int_distribution<std::uint64_t>(0, 9999)(generator);
}

}  // namespace

Latent Viewer::shown_latent() const {
  MorphState untruncated = state;
  untruncated.truncation = 1.0F;
  return evaluate(untruncated, time);
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
  const WalkPosition at = walk_position(state.walk, state.keys.size(), time);
  for (const std::size_t index : {at.from, at.to})
    if (same_latent(state.keys[index], face)) return state.keys[index];
  return face;
}

void Viewer::grab_shown() {
  if (state.walking) show_face(shown_face());
}

void Viewer::add_shown_to_walk() {
  if (model_) state.keys.push_back(shown_face());
}

void Viewer::remove_from_walk(std::size_t index) {
  if (state.keys.size() == 1) grab_shown();
  state.keys.erase(state.keys.begin() + static_cast<std::ptrdiff_t>(index));
  if (!can_play()) playing = false;
  time = std::min(time, duration());
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
  std::mt19937_64 generator(random_state_++);
  show_face(seed_face(random_seed(generator), model_->arch.nz));
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

void Viewer::surprise_walk() {
  if (!model_) return;
  std::mt19937_64 generator(random_state_++);
  if (!goes_through_faces(state.walk.path)) state.walk.path = WalkPath::Slerp;
  state.keys.clear();
  for (std::size_t i = 0; i < kFirstWalkSeeds.size(); ++i)
    state.keys.push_back(seed_face(random_seed(generator), model_->arch.nz));
  time = 0;
  play(true);
}

bool Viewer::can_play() const {
  return state.keys.size() >= 2 || !goes_through_faces(state.walk.path);
}

/// Whether the walk begins again at its end.
bool Viewer::returns() const {
  return state.walk.loop || !goes_through_faces(state.walk.path);
}

void Viewer::play(bool on) {
  if (on && !can_play()) {
    notify(Notice::Kind::Info, "A walk needs two faces",
           "Add faces with the + on a gallery face, or with “Add this face”.");
    return;
  }
  if (on && !returns() && time >= duration()) time = 0;
  playing = on;
  if (on) state.walking = true;
}

void Viewer::scrub(double seconds) {
  if (state.keys.empty() && goes_through_faces(state.walk.path)) return;
  time = std::clamp(seconds, 0.0, duration());
  state.walking = true;
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

void Viewer::add_direction(std::string name, Latent vector) {
  if (vector.empty()) {
    notify(Notice::Kind::Info, "No direction", "A and B do not differ.");
    return;
  }
  state.directions.push_back({std::move(name), std::move(vector)});
}

void Viewer::move_along(const Direction& direction, float place) {
  grab_shown();
  std::vector<Latent> held;
  for (const Direction& other : state.directions)
    if (hold_others && other.vector != direction.vector) held.push_back(other.vector);
  state.face = {moved_along(state.face.latent, direction.vector, place, held), std::nullopt, {}};
}

void Viewer::move_puck(float x, float y) {
  state.pad.x = x;
  state.pad.y = y;
  show_face({blended(state.pad, x, y), std::nullopt, {}});
}

void Viewer::set_corner(std::size_t corner, Face face) {
  state.pad.corners.at(corner) = std::move(face);
}

void Viewer::random_corners() {
  std::mt19937_64 generator(random_state_++);
  for (Face& corner : state.pad.corners)
    corner = seed_face(random_seed(generator), model_->arch.nz);
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
  if (!state.walking || !can_play()) playing = false;
  time = std::min(time, duration());
}

}  // namespace facemorph
