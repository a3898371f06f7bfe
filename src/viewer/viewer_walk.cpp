#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "engine/picture_changes.hpp"

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

bool Viewer::can_play() const {
  return duration() > 0;
}

void Viewer::play(bool on) {
  if (on && !can_play()) {
    notify(Notice::Kind::Info, "A walk needs two faces",
           "Add faces with the + on a gallery face, or with “Add”.");
    return;
  }
  if (on && !returns(state) && time >= duration()) time = 0;
  playing = on;
  if (on) state.walking = true;
}

void Viewer::advance(double elapsed_seconds) {
  const double before = time;
  time += elapsed_seconds;
  const double end = duration();
  // A playhead behind the region plays on to the walk's end.
  if (region && before < region->to && time >= region->to) {
    time = region->from + std::fmod(time - region->to, region->to - region->from);
  } else if (!returns(state) && time >= end) {
    time = end;
    playing = false;
  } else if (returns(state) && end > 0) {
    time = std::fmod(time, end);
  }
}

void Viewer::scrub(double seconds) {
  if (state.keys.empty() && !can_play()) return;
  time = std::clamp(seconds, 0.0, duration());
  state.walking = true;
}

/// After any edit: the playhead, the region and the selection are where something is.
void Viewer::keep_in_walk() {
  const double end = duration();
  if (!can_play()) playing = false;
  time = std::min(time, end);
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

void Viewer::begin_region() {
  const double end = region && region->to > time + kLeastGap ? region->to : duration();
  region = Region{time, end};
}

void Viewer::end_region() {
  const double begin = region && region->from < time - kLeastGap ? region->from : 0;
  region = Region{begin, time};
}

// --- faces --------------------------------------------------------------------------------------

void Viewer::add_shown_to_walk() {
  if (model_) append_key(state, shown_face());
}

void Viewer::insert_into_walk(Face face) {
  const std::size_t index = insert_key(state, std::move(face), time);
  selected = KeyRef{std::nullopt, index};
  playing = false;
  scrub(state.keys[index].time.at);
}

void Viewer::remove_key(KeyRef which) {
  if (which.track) {
    remove_track_key(state, *which.track, which.key);
  } else {
    if (state.keys.size() == 1) grab_shown();
    facemorph::remove_key(state, which.key);
  }
  selected.reset();
}

void Viewer::duplicate_key(std::size_t index) {
  selected = KeyRef{std::nullopt, facemorph::duplicate_key(state, index)};
}

void Viewer::surprise_walk() {
  if (!model_) return;
  if (!goes_through_faces(state.walk.path)) state.walk.path = WalkPath::Slerp;
  state.keys.clear();
  for (std::size_t i = 0; i < kFirstWalkSeeds.size(); ++i)
    append_key(state, seed_face(short_seed(), model_->arch.nz));
  selected.reset();
  region.reset();
  time = 0;
  play(true);
}

void Viewer::even_speed() {
  if (!model_ || measuring_ || state.keys.size() < 2) return;
  measuring_ = true;
  measurer_.run<MorphState>(
      [measured = state, model = model_, options = options_.engine,
       stop = stop_measuring_.get_token()]() mutable {
        const auto engine = make_engine(*model, options);
        even_out(measured, [&](std::span<const Latent> way) {
          if (stop.stop_requested()) throw Error("The window was closed.");
          return picture_changes(*engine, way, measured.truncation);
        });
        return measured;
      },
      [this, before = state](const MorphState& measured) {
        measuring_ = false;
        if (state.keys != before.keys || state.walk != before.walk) {
          notify(Notice::Kind::Info, "The walk was changed", "Ask for constant speed once more.");
          return;
        }
        state.keys = measured.keys;
        state.walk = measured.walk;
      },
      [this](const std::string& reason) {
        measuring_ = false;
        notify(Notice::Kind::Error, "The walk could not be measured", reason);
      });
}

// --- tracks -------------------------------------------------------------------------------------

bool Viewer::keyed(const Track& target) const {
  return state.walking && find_track(state, target) != nullptr;
}

bool Viewer::has_key_here(const Track& target) const {
  const Track* track = find_track(state, target);
  return state.walking && track != nullptr &&
         std::ranges::any_of(track->keys,
                             [&](const TrackKey& key) { return is_near(key.time.at, time); });
}

void Viewer::write_key(const Track& target, float value, float y) {
  playing = false;
  set_track_key(state, target, {{time, 0, Easing::Smooth}, value, y});
}

void Viewer::toggle_key(const Track& target) {
  if (has_key_here(target)) {
    const auto track = static_cast<std::size_t>(find_track(state, target) - state.tracks.data());
    const auto& keys = state.tracks[track].keys;
    const auto key = std::ranges::find_if(
        keys, [&](const TrackKey& other) { return is_near(other.time.at, time); });
    return remove_key({track, static_cast<std::size_t>(key - keys.begin())});
  }
  if (!state.walking && (!state.keys.empty() || target.kind == TrackKind::Pad)) {
    state.walking = true;
    time = 0;
  }
  const Track* track = find_track(state, target);
  if (track != nullptr) {
    const TrackKey now = track_value(*track, time_span(state), time);
    return write_key(target, now.value, now.y);
  }
  if (target.kind == TrackKind::Truncation) return write_key(target, state.truncation);
  if (target.kind == TrackKind::Direction) return write_key(target, 0);
  write_key(target, state.pad.x, state.pad.y);
}

void Viewer::set_truncation(float value) {
  const Track target{TrackKind::Truncation, {}, {}};
  if (keyed(target))
    write_key(target, value);
  else
    state.truncation = value;
}

}  // namespace facemorph
