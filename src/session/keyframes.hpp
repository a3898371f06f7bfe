#pragma once

#include "latent/timeline.hpp"
#include "session/face.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace facemorph {

struct MorphState;

/// A face on the time line of a walk.
struct Keyframe {
  Face face;
  KeyTime time;
  /// On the way to the next face: places for equal steps of what is seen; see equal_steps(). Empty:
  /// equal steps of the way itself.
  std::vector<float> steps;

  bool operator==(const Keyframe&) const = default;
};

std::vector<KeyTime> times_of(std::span<const Keyframe> keys);

/// A way through latent space that a person gave a name. A face's place along it is a slider, as
/// each of its dimensions is.
struct Direction {
  std::string name;
  Latent vector;  ///< of length 1

  bool operator==(const Direction&) const = default;
};

/// What a track sets at every moment of a walk.
enum class TrackKind {
  Truncation,  ///< value: instead of the state's
  Direction,   ///< value: standard deviations along it, on top of the walk's face
  Pad          ///< value, y: where the puck is; the pad's face instead of the walk's
};

std::string_view name_of(TrackKind kind);  ///< "truncation", "direction", "pad"
std::optional<TrackKind> track_kind_from(std::string_view name);

struct TrackKey {
  KeyTime time;
  float value = 0;
  float y = 0;  ///< of the pad

  bool operator==(const TrackKey&) const = default;
};

/// What exactly a track sets.
struct TrackTarget {
  TrackKind kind = TrackKind::Truncation;
  Direction direction;  ///< of a TrackKind::Direction

  bool operator==(const TrackTarget&) const = default;
};
/// Whether two targets are the same thing, whatever it is called; a state has one track of each at
/// most.
bool same_target(const TrackTarget& a, const TrackTarget& b);
/// "Truncation", "Pad", or the direction's name.
std::string_view target_name(const TrackTarget& target);

/// An edit that changes over a walk. Between two keys it goes evenly eased from one to the other.
struct Track {
  TrackTarget target;
  std::vector<TrackKey> keys;  ///< in order, at least one

  bool operator==(const Track&) const = default;
};

/// What a track sets at a moment.
TrackKey track_value(const Track& track, const TimeSpan& span, double seconds);

// --- edits: all keep keys in order, and the walk as long as its last key needs -------------------

/// Two keys are never closer than this, in seconds.
inline constexpr double kLeastGap = 0.05;

/// Puts a face behind the last one, at the walk's pace.
void append_key(MorphState& state, Face face);
/// Puts a face at a moment and returns its index. Where a key is already, it goes half way to the
/// next one, or behind the last.
std::size_t insert_key(MorphState& state, Face face, double seconds);
void remove_key(MorphState& state, std::size_t index);
/// Brings a key to a moment, but not onto another; returns its index in the new order.
std::size_t move_key(MorphState& state, std::size_t index, double seconds);
/// A second key with the same face, behind it.
std::size_t duplicate_key(MorphState& state, std::size_t index);
/// How long a key stays; the next key is not pushed.
void set_hold(MorphState& state, std::size_t index, double seconds);
/// Makes the whole walk faster or slower: times, holds, tracks and length.
void set_pace(MorphState& state, double seconds_per_face);
/// All faces at the walk's pace, in their order, without holds.
void spread_evenly(MorphState& state);
/// How much the picture changes from each of these latents to the next.
using PictureChanges = std::function<std::vector<double>(std::span<const Latent>)>;
/// Gives the walk one speed for the eye: every way takes as long as the picture changes on it, and
/// changes evenly. The length and the holds stay. For these faces and this path; an edit of the
/// faces goes back to ways that are even in latent space.
void even_out(MorphState& state, const PictureChanges& changes);
/// As long as asked for, but not before the last key's end.
void set_length(MorphState& state, double seconds);
/// The least length that the keys allow.
double least_length(const MorphState& state);
/// After a change of `loop`: a loop needs time to return, others end with their last face.
void set_loop(MorphState& state, bool loop);

/// Sets what the track's target is at a moment; makes the track if it is not there.
void set_track_key(MorphState& state, const TrackTarget& target, const TrackKey& key);
/// The track goes with its last key.
void remove_track_key(MorphState& state, std::size_t track, std::size_t key);
/// Returns the key's index in the new order.
std::size_t move_track_key(MorphState& state, std::size_t track, std::size_t key, double seconds);
const Track* find_track(const MorphState& state, const TrackTarget& target);

}  // namespace facemorph
