#include "session/history.hpp"

#include <algorithm>
#include <cstdio>

namespace facemorph {
namespace {

std::string with_number(const char* form, double value) {
  char text[64];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

std::string face_edit(const Face& before, const Face& after) {
  if (after.latent == before.latent) return "Name: " + face_title(after);
  if (after.seed || !after.name.empty()) return "Show " + face_title(after);
  if (after.latent.size() != before.latent.size()) return "Another face";
  std::size_t changed = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < after.latent.size(); ++i)
    if (after.latent[i] != before.latent[i]) {
      ++changed;
      last = i;
    }
  return changed == 1 ? "Dimension " + std::to_string(last) : "Another face";
}

std::string keys_edit(const std::vector<Keyframe>& before, const std::vector<Keyframe>& after) {
  if (after.size() == before.size() + 1) return "Add a face to the walk";
  if (after.size() + 1 == before.size()) return "Take a face out of the walk";
  if (after.size() != before.size()) return "Another walk";
  const auto measured = [](const Keyframe& key) { return !key.steps.empty(); };
  if (std::ranges::any_of(after, measured) && !std::ranges::any_of(before, measured))
    return "Constant speed";
  const auto latent = [](const Keyframe& key) -> const Latent& { return key.face.latent; };
  const bool same_faces = std::ranges::equal(before, after, {}, latent, latent);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (same_faces && after[i].face != before[i].face) return "Name: " + face_title(after[i].face);
    if (after[i].face != before[i].face)
      return std::ranges::is_permutation(before, after, {}, &Keyframe::face, &Keyframe::face)
                 ? "Another order of the walk"
                 : "Another walk";
    if (after[i].time.at != before[i].time.at) ++moved;
  }
  if (moved > 0) return moved == 1 ? "Move a face of the walk" : "Times of the walk";
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i].time.hold != before[i].time.hold)
      return with_number("Hold %.1f s", after[i].time.hold);
    if (after[i].time.easing != before[i].time.easing)
      return "Easing: " + std::string(name_of(after[i].time.easing));
  }
  return "Another walk";
}

std::string tracks_edit(const std::vector<Track>& before, const std::vector<Track>& after) {
  for (const Track& track : after) {
    const auto old = std::ranges::find_if(
        before, [&](const Track& other) { return same_target(other.target, track.target); });
    const std::string name(target_name(track.target));
    if (old == before.end() || old->keys.size() < track.keys.size()) return "Key of " + name;
    if (old->keys.size() > track.keys.size()) return "Remove a key of " + name;
    if (*old != track) return "Change a key of " + name;
  }
  return "Remove a track";
}

std::string walk_edit(const WalkShape& before, const WalkShape& after) {
  if (before.path != after.path) return "Path: " + std::string(name_of(after.path));
  if (before.loop != after.loop) return after.loop ? "Loop the walk" : "Do not loop the walk";
  if (before.seconds_per_face != after.seconds_per_face)
    return with_number("%.1f s per face", after.seconds_per_face);
  if (before.length != after.length) return with_number("Length %.1f s", after.length);
  if (before.seed != after.seed) return "Walk of seed " + std::to_string(after.seed);
  return "Easing: " + std::string(name_of(after.easing));
}

std::string sum_edit(const FaceSum& before, const FaceSum& after) {
  if (before.length != after.length) return "Length of the sum";
  if (before.noise != after.noise) return "Neighbours of the sum";
  if (before.terms.size() != after.terms.size())
    return after.terms.size() > before.terms.size() ? "Another term" : "One term less";
  for (std::size_t i = 0; i < after.terms.size(); ++i) {
    const SumTerm& old = before.terms[i];
    const SumTerm& now = after.terms[i];
    if (now.weight != old.weight)
      return "Weight of " + term_name(i) + with_number(" %.2f", now.weight);
    if (now.faces != old.faces)
      return (now.faces.size() > old.faces.size() ? "Add a face to " : "Other faces in ") +
             term_name(i);
  }
  return "Another sum";
}

std::string directions_edit(const std::vector<Direction>& before,
                            const std::vector<Direction>& after) {
  if (after.size() > before.size()) return "Make “" + after.back().name + "”";
  if (after.size() < before.size()) return "Remove a direction";
  return "Name of a direction";
}

}  // namespace

std::string edit_title(const MorphState& before, const MorphState& after) {
  const bool paced = after.walk.seconds_per_face != before.walk.seconds_per_face;
  if (paced || after.walk.loop != before.walk.loop) return walk_edit(before.walk, after.walk);
  if (after.keys != before.keys) return keys_edit(before.keys, after.keys);
  if (after.tracks != before.tracks) return tracks_edit(before.tracks, after.tracks);
  if (after.sum != before.sum) return sum_edit(before.sum, after.sum);
  if (after.directions != before.directions)
    return directions_edit(before.directions, after.directions);
  if (after.pad.corners != before.pad.corners) return "Corners of the pad";
  if (after.pad != before.pad) return "Move on the pad";
  if (after.truncation != before.truncation)
    return with_number("Truncation %.2f", after.truncation);
  if (after.walk != before.walk) return walk_edit(before.walk, after.walk);
  if (after.face != before.face) return face_edit(before.face, after.face);
  return {};
}

std::string edit_title(const std::vector<Face>& before, const std::vector<Face>& after) {
  if (before == after) return {};
  if (after.size() == before.size() + 1) return "Keep " + face_title(after.back());
  if (after.size() < before.size()) return "Remove a favourite";
  const bool same_faces =
      std::ranges::is_permutation(before, after, {}, &Face::latent, &Face::latent);
  if (!same_faces) return "Other favourites";
  return std::ranges::equal(before, after, {}, &Face::latent, &Face::latent)
             ? "Name of a favourite"
             : "Another order of the favourites";
}

}  // namespace facemorph
