#include "session/keyframes.hpp"

#include "latent/names.hpp"
#include "session/morph_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace facemorph {
namespace {

constexpr std::array<std::pair<TrackKind, std::string_view>, 3> kTrackNames = {
    {{TrackKind::Truncation, "truncation"},
     {TrackKind::Direction, "direction"},
     {TrackKind::Pad, "pad"}}};

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

/// Measured for the neighbours that a face had.
void forget_steps(MorphState& state) {
  for (Keyframe& key : state.keys)
    key.steps.clear();
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
  return name_in(kTrackNames, kind);
}

std::optional<TrackKind> track_kind_from(std::string_view name) {
  return value_in<TrackKind>(kTrackNames, name);
}

std::string_view target_name(const TrackTarget& target) {
  if (target.kind == TrackKind::Direction) return target.direction.name;
  return target.kind == TrackKind::Truncation ? "Truncation" : "Pad";
}

bool same_target(const TrackTarget& a, const TrackTarget& b) {
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
  forget_steps(state);
  const double tail = tail_of(state);
  const double at =
      state.keys.empty() ? 0 : end_of(state.keys.back().time) + state.walk.seconds_per_face;
  state.keys.push_back({std::move(face), {at, 0, state.walk.easing}, {}});
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
  forget_steps(state);
  if (taken != state.keys.end()) seconds = (taken->time.at + (taken + 1)->time.at) / 2;
  const std::size_t index =
      put(state.keys, Keyframe{std::move(face), {seconds, 0, state.walk.easing}, {}});
  state.walk.length = std::max(state.walk.length, least_length(state));
  return index;
}

void remove_key(MorphState& state, std::size_t index) {
  const double tail = tail_of(state);
  const bool last = index + 1 == state.keys.size();
  forget_steps(state);
  state.keys.erase(state.keys.begin() + static_cast<std::ptrdiff_t>(index));
  if (last) end_after_last_key(state, tail);
}

std::size_t move_key(MorphState& state, std::size_t index, double seconds) {
  const bool ends = !state.walk.loop && index + 1 == state.keys.size() &&
                    state.walk.length <= end_of(state.keys[index].time);
  const std::size_t place = move(state.keys, index, seconds);
  if (place != index) forget_steps(state);
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

void even_out(MorphState& state, const PictureChanges& changes) {
  constexpr std::size_t kSamples = 48;
  constexpr std::size_t kPlaces = 24;
  const std::size_t count = state.keys.size();
  if (count < 2 || !goes_through_faces(state.walk.path)) return;
  const std::size_t ways = state.walk.loop ? count : count - 1;
  const auto face = [&](std::size_t i) -> const Latent& { return state.keys[i].face.latent; };
  double all = 0;
  std::vector<double> lengths;
  for (std::size_t way = 0; way < ways; ++way) {
    std::vector<Latent> samples;
    for (std::size_t i = 0; i <= kSamples; ++i)
      samples.push_back(walk_latent(
          state.walk, count, face,
          {way, (way + 1) % count, static_cast<float>(i) / static_cast<float>(kSamples)}));
    std::vector<double> gone = {0};
    for (const double change : changes(samples))
      gone.push_back(gone.back() + change);
    state.keys[way].steps = equal_steps(gone, kPlaces);
    state.keys[way].time.easing = Easing::Linear;
    lengths.push_back(gone.back());
    all += gone.back();
  }
  if (all <= 0) return;
  double moving = state.walk.loop ? state.walk.length : end_of(state.keys.back().time);
  moving -= state.keys.front().time.at * (state.walk.loop ? 0 : 1);
  for (const Keyframe& key : state.keys)
    moving -= key.time.hold;
  for (std::size_t way = 0; way + 1 < count; ++way)
    state.keys[way + 1].time.at =
        end_of(state.keys[way].time) + std::max(moving * lengths[way] / all, kLeastGap);
  state.walk.length = std::max(state.walk.length, least_length(state));
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

const Track* find_track(const MorphState& state, const TrackTarget& target) {
  const auto found = std::ranges::find_if(
      state.tracks, [&](const Track& track) { return same_target(track.target, target); });
  return found == state.tracks.end() ? nullptr : &*found;
}

void set_track_key(MorphState& state, const TrackTarget& target, const TrackKey& key) {
  auto track = std::ranges::find_if(
      state.tracks, [&](const Track& other) { return same_target(other.target, target); });
  if (track == state.tracks.end()) track = state.tracks.insert(track, {target, {}});
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
