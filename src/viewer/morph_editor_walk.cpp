#include "viewer/morph_editor.hpp"

#include <algorithm>
#include <cmath>

// What a person does with the walk and its time line.

namespace facemorph {
namespace {

bool is_near(double a, double b) {
  return std::abs(a - b) < kLeastGap;
}

}  // namespace

// --- playing ------------------------------------------------------------------------------------

bool MorphEditor::can_play() const {
  return duration() > 0;
}

void MorphEditor::play(bool on) {
  if (on && !can_play()) {
    notices_.info("A walk needs two faces",
                  "Add faces with the + on a gallery face, or with “Add”.");
    return;
  }
  if (on && !returns(state) && state.playhead >= duration()) state.playhead = 0;
  playing = on;
  if (on) state.walking = true;
}

void MorphEditor::advance(double elapsed_seconds) {
  if (!animating()) return;
  const double before = state.playhead;
  state.playhead += elapsed_seconds;
  const double end = duration();
  // A playhead behind the region plays on to the walk's end.
  if (region && before < region->to && state.playhead >= region->to) {
    state.playhead =
        region->from + std::fmod(state.playhead - region->to, region->to - region->from);
  } else if (!returns(state) && state.playhead >= end) {
    state.playhead = end;
    playing = false;
  } else if (returns(state) && end > 0) {
    state.playhead = std::fmod(state.playhead, end);
  }
}

void MorphEditor::scrub(double seconds) {
  if (state.keys.empty() && !can_play()) return;
  state.playhead = std::clamp(seconds, 0.0, duration());
  state.walking = true;
}

/// After any edit: the playhead, the region and the selection are where something is.
void MorphEditor::keep_in_walk() {
  const double end = duration();
  if (!can_play()) playing = false;
  state.playhead = std::min(state.playhead, end);
  if (region) {
    region->to = std::min(region->to, end);
    if (region->to - region->from < kLeastGap) region.reset();
  }
  if (!selected) return;
  const bool there = selected->track
                         ? *selected->track < state.tracks.size() &&
                               selected->key < state.tracks[*selected->track].keys.size()
                         : selected->key < state.keys.size();
  if (!there) selected.reset();
}

void MorphEditor::begin_region() {
  const double end = region && region->to > state.playhead + kLeastGap ? region->to : duration();
  region = Region{state.playhead, end};
}

void MorphEditor::end_region() {
  const double begin = region && region->from < state.playhead - kLeastGap ? region->from : 0;
  region = Region{begin, state.playhead};
}

// --- faces --------------------------------------------------------------------------------------

void MorphEditor::add_shown_to_walk() {
  if (ready()) append_key(state, shown_face());
}

void MorphEditor::insert_into_walk(Face face) {
  const std::size_t index = insert_key(state, std::move(face), state.playhead);
  selected = KeyRef{std::nullopt, index};
  playing = false;
  scrub(state.keys[index].time.at);
}

void MorphEditor::remove_key(KeyRef which) {
  if (which.track) {
    remove_track_key(state, *which.track, which.key);
  } else {
    if (state.keys.size() == 1) grab_shown();
    facemorph::remove_key(state, which.key);
  }
  selected.reset();
}

void MorphEditor::duplicate_key(std::size_t index) {
  selected = KeyRef{std::nullopt, facemorph::duplicate_key(state, index)};
}

void MorphEditor::surprise_walk() {
  if (!ready()) return;
  if (!goes_through_faces(state.walk.path)) state.walk.path = WalkPath::Slerp;
  state.keys.clear();
  for (std::size_t i = 0; i < kFirstWalkSeeds.size(); ++i)
    append_key(state, seed_face(short_seed(), nz_));
  selected.reset();
  region.reset();
  state.playhead = 0;
  play(true);
}

void MorphEditor::change_pace(double seconds_per_face) {
  const double ratio = seconds_per_face / state.walk.seconds_per_face;
  set_pace(state, seconds_per_face);
  state.playhead *= ratio;
  if (region) region = Region{region->from * ratio, region->to * ratio};
}

// --- tracks -------------------------------------------------------------------------------------

bool MorphEditor::keyed(const TrackTarget& target) const {
  return state.walking && find_track(state, target) != nullptr;
}

bool MorphEditor::has_key_here(const TrackTarget& target) const {
  const Track* track = find_track(state, target);
  return state.walking && track != nullptr &&
         std::ranges::any_of(track->keys, [&](const TrackKey& key) {
           return is_near(key.time.at, state.playhead);
         });
}

void MorphEditor::write_key(const TrackTarget& target, float value, float y) {
  playing = false;
  set_track_key(state, target, {{state.playhead, 0, Easing::Smooth}, value, y});
}

void MorphEditor::toggle_key(const TrackTarget& target) {
  if (has_key_here(target)) {
    const auto track = static_cast<std::size_t>(find_track(state, target) - state.tracks.data());
    const auto& keys = state.tracks[track].keys;
    const auto key = std::ranges::find_if(
        keys, [&](const TrackKey& other) { return is_near(other.time.at, state.playhead); });
    return remove_key({track, static_cast<std::size_t>(key - keys.begin())});
  }
  if (!state.walking && (!state.keys.empty() || target.kind == TrackKind::Pad)) {
    state.walking = true;
    state.playhead = 0;
  }
  const Track* track = find_track(state, target);
  if (track != nullptr) {
    const TrackKey now = track_value(*track, time_span(state), state.playhead);
    return write_key(target, now.value, now.y);
  }
  if (target.kind == TrackKind::Truncation) return write_key(target, state.truncation);
  if (target.kind == TrackKind::Direction) return write_key(target, 0);
  write_key(target, state.pad.x, state.pad.y);
}

void MorphEditor::set_truncation(float value) {
  const TrackTarget target{TrackKind::Truncation, {}};
  if (keyed(target))
    write_key(target, value);
  else
    state.truncation = value;
}

}  // namespace facemorph
