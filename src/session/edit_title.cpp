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

std::string keys_edit(const std::vector<Face>& before, const std::vector<Face>& after) {
  if (after.size() == before.size() + 1) return "Add a face to the walk";
  if (after.size() + 1 == before.size()) return "Take a face out of the walk";
  if (std::ranges::is_permutation(before, after)) return "Another order of the walk";
  return "Another walk";
}

std::string walk_edit(const WalkShape& before, const WalkShape& after) {
  if (before.loop != after.loop) return after.loop ? "Loop the walk" : "Do not loop the walk";
  if (before.seconds_per_face != after.seconds_per_face)
    return with_number("%.1f s per face", after.seconds_per_face);
  if (before.seed != after.seed) return "Walk of seed " + std::to_string(after.seed);
  if (before.easing != after.easing) return "Easing: " + std::string(name_of(after.easing));
  return "Path: " + std::string(name_of(after.path));
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
  if (after.keys != before.keys) return keys_edit(before.keys, after.keys);
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

}  // namespace facemorph
