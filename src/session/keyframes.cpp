#include "session/keyframes.hpp"

#include "session/morph_state.hpp"

#include <algorithm>
#include <cmath>

namespace facemorph {
namespace {

double end_of(const KeyTime& time) {
  return time.at + time.hold;
}

/// The time between the last key and the end: in it, a loop returns.
double tail_of(const MorphState& state) {
  if (state.keys.size() < 2) return state.walk.seconds_per_face;
  return std::max(state.walk.length - end_of(state.keys.back().time), kLeastGap);
}

void end_after_last_key(MorphState& state, double tail) {
  state.walk.length = state.keys.empty() ? 0 : end_of(state.keys.back().time);
  if (state.walk.loop) state.walk.length += tail;
  state.walk.length = std::max(state.walk.length, least_length(state));
}

bool is_near(double a, double b) {
  return std::abs(a - b) < kLeastGap - 1e-9;
}

/// Puts a key where none is nearer than kLeastGap and returns its index.
template <typename Key>
std::size_t put(std::vector<Key>& keys, Key key) {
  const auto near = [&](const Key& other) { return is_near(other.time.at, key.time.at); };
  while (std::ranges::any_of(keys, near))
    key.time.at += kLeastGap;
  const auto place = std::ranges::upper_bound(keys, key.time.at, {},
                                              [](const Key& other) { return other.time.at; });
  const auto index = static_cast<std::size_t>(place - keys.begin());
  keys.insert(place, std::move(key));
  return index;
}

template <typename Key>
std::size_t move(std::vector<Key>& keys, std::size_t index, double seconds) {
  Key key = std::move(keys.at(index));
  keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(index));
  key.time.at = std::isfinite(seconds) ? std::max(seconds, 0.0) : 0.0;
  return put(keys, std::move(key));
}

}  // namespace

std::vector<KeyTime> times_of(std::span<const Keyframe> keys) {
  std::vector<KeyTime> times;
  times.reserve(keys.size());
  for (const Keyframe& key : keys)
    times.push_back(key.time);
  return times;
}

std::string_view name_of(TrackKind kind) {
  if (kind == TrackKind::Direction) return "direction";
  return kind == TrackKind::Truncation ? "truncation" : "pad";
}

std::string_view track_name(const Track& track) {
  if (track.kind == TrackKind::Direction) return track.direction.name;
  return track.kind == TrackKind::Truncation ? "Truncation" : "Pad";
}

bool same_target(const Track& a, const Track& b) {
  return a.kind == b.kind && a.direction.vector == b.direction.vector;
}

TrackKey track_value(const Track& track, const TimeSpan& span, double seconds) {
  std::vector<KeyTime> times;
  times.reserve(track.keys.size());
  for (const TrackKey& key : track.keys)
    times.push_back(key.time);
  const KeyPosition at = position_at(times, span, seconds);
  const TrackKey& from = track.keys[at.from];
  const TrackKey& to = track.keys[at.to];
  return {{seconds, 0, from.time.easing},
          std::lerp(from.value, to.value, at.progress),
          std::lerp(from.y, to.y, at.progress)};
}

void append_key(MorphState& state, Face face) {
  const double tail = tail_of(state);
  const double at =
      state.keys.empty() ? 0 : end_of(state.keys.back().time) + state.walk.seconds_per_face;
  state.keys.push_back({std::move(face), {at, 0, state.walk.easing}});
  end_after_last_key(state, tail);
}

std::size_t insert_key(MorphState& state, Face face, double seconds) {
  const auto taken = std::ranges::find_if(
      state.keys, [&](const Keyframe& key) { return is_near(key.time.at, seconds); });
  const bool is_last = taken != state.keys.end() && taken + 1 == state.keys.end();
  if (state.keys.empty() || is_last) {
    append_key(state, std::move(face));
    return state.keys.size() - 1;
  }
  if (taken != state.keys.end()) seconds = (taken->time.at + (taken + 1)->time.at) / 2;
  const std::size_t index =
      put(state.keys, Keyframe{std::move(face), {seconds, 0, state.walk.easing}});
  state.walk.length = std::max(state.walk.length, least_length(state));
  return index;
}

void remove_key(MorphState& state, std::size_t index) {
  const double tail = tail_of(state);
  const bool last = index + 1 == state.keys.size();
  state.keys.erase(state.keys.begin() + static_cast<std::ptrdiff_t>(index));
  if (last) end_after_last_key(state, tail);
}

std::size_t move_key(MorphState& state, std::size_t index, double seconds) {
  const bool ends = !state.walk.loop && index + 1 == state.keys.size() &&
                    state.walk.length <= end_of(state.keys[index].time);
  const std::size_t place = move(state.keys, index, seconds);
  if (ends)  // an open walk ends with its last face, wherever that goes
    end_after_last_key(state, 0);
  state.walk.length = std::max(state.walk.length, least_length(state));
  return place;
}

std::size_t duplicate_key(MorphState& state, std::size_t index) {
  const Keyframe key = state.keys.at(index);
  const std::size_t copy = insert_key(state, key.face, key.time.at);
  state.keys[copy].time.easing = key.time.easing;
  return copy;
}

void set_hold(MorphState& state, std::size_t index, double seconds) {
  const bool last = index + 1 == state.keys.size();
  const double tail = tail_of(state);
  KeyTime& time = state.keys.at(index).time;
  time.hold = std::max(seconds, 0.0);
  if (last)
    end_after_last_key(state, tail);
  else
    time.hold = std::min(time.hold, state.keys[index + 1].time.at - time.at);
}

void set_pace(MorphState& state, double seconds_per_face) {
  const double factor = seconds_per_face / state.walk.seconds_per_face;
  const auto scale = [factor](KeyTime& time) {
    time.at *= factor;
    time.hold *= factor;
  };
  for (Keyframe& key : state.keys)
    scale(key.time);
  for (Track& track : state.tracks)
    for (TrackKey& key : track.keys)
      scale(key.time);
  state.walk.length *= factor;
  state.walk.seconds_per_face = seconds_per_face;
}

void spread_evenly(MorphState& state) {
  for (std::size_t i = 0; i < state.keys.size(); ++i) {
    state.keys[i].time.at = static_cast<double>(i) * state.walk.seconds_per_face;
    state.keys[i].time.hold = 0;
  }
  end_after_last_key(state, state.walk.seconds_per_face);
}

void set_length(MorphState& state, double seconds) {
  state.walk.length = std::max(seconds, least_length(state));
}

double least_length(const MorphState& state) {
  double least = 0;
  if (!state.keys.empty())
    least =
        end_of(state.keys.back().time) + (state.walk.loop && state.keys.size() > 1 ? kLeastGap : 0);
  for (const Track& track : state.tracks)
    for (const TrackKey& key : track.keys)
      least = std::max(least, key.time.at);
  return least;
}

void set_loop(MorphState& state, bool loop) {
  if (loop == state.walk.loop) return;
  state.walk.loop = loop;
  end_after_last_key(state, state.walk.seconds_per_face);
}

const Track* find_track(const MorphState& state, const Track& target) {
  const auto found = std::ranges::find_if(
      state.tracks, [&](const Track& track) { return same_target(track, target); });
  return found == state.tracks.end() ? nullptr : &*found;
}

void set_track_key(MorphState& state, const Track& target, const TrackKey& key) {
  auto track = std::ranges::find_if(state.tracks,
                                    [&](const Track& other) { return same_target(other, target); });
  if (track == state.tracks.end())
    track = state.tracks.insert(track, {target.kind, target.direction, {}});
  const auto there = std::ranges::find_if(
      track->keys, [&](const TrackKey& other) { return is_near(other.time.at, key.time.at); });
  if (there != track->keys.end()) {
    there->value = key.value;
    there->y = key.y;
  } else {
    put(track->keys, TrackKey(key));
  }
  state.walk.length = std::max(state.walk.length, least_length(state));
}

void remove_track_key(MorphState& state, std::size_t track, std::size_t key) {
  std::vector<TrackKey>& keys = state.tracks.at(track).keys;
  keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(key));
  if (keys.empty()) state.tracks.erase(state.tracks.begin() + static_cast<std::ptrdiff_t>(track));
}

std::size_t move_track_key(MorphState& state, std::size_t track, std::size_t key, double seconds) {
  const std::size_t place = move(state.tracks.at(track).keys, key, seconds);
  state.walk.length = std::max(state.walk.length, least_length(state));
  return place;
}

}  // namespace facemorph
