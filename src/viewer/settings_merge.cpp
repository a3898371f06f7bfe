#include "viewer/settings_merge.hpp"

#include <algorithm>

namespace facemorph {
namespace {

using Faces = std::vector<Face>;
using FacesByLatent = std::map<Latent, const Face*>;

FacesByLatent by_latent(const Faces& faces) {
  FacesByLatent result;
  for (const Face& face : faces)
    result[face.latent] = &face;
  return result;
}

Faces merged_faces(const Faces& base, const Faces& mine, const Faces& theirs) {
  if (mine == base) return theirs;
  if (theirs == base) return mine;
  const FacesByLatent old = by_latent(base);
  const FacesByLatent here = by_latent(mine);
  const FacesByLatent there = by_latent(theirs);
  Faces result;
  for (const Face& face : mine) {
    const auto before = old.find(face.latent);
    const auto other = there.find(face.latent);
    if (other == there.end() && before != old.end()) continue;  // they let it go
    const bool unchanged = before != old.end() && *before->second == face;
    result.push_back(unchanged && other != there.end() ? *other->second : face);
  }
  for (const Face& face : theirs)
    if (!here.contains(face.latent) && !old.contains(face.latent)) result.push_back(face);
  return result;
}

std::map<std::string, KeptFaces> merged_favourites(const Settings& base, const Settings& mine,
                                                   const Settings& theirs) {
  const auto of = [](const Settings& settings, const std::string& hash) {
    const auto found = settings.favourites.find(hash);
    return found == settings.favourites.end() ? KeptFaces() : found->second;
  };
  std::map<std::string, KeptFaces> result;
  for (const Settings* settings : {&mine, &theirs})
    for (const auto& [hash, kept] : settings->favourites) {
      if (result.contains(hash)) continue;
      result[hash] = {
          kept.model, kept.path,
          merged_faces(of(base, hash).faces, of(mine, hash).faces, of(theirs, hash).faces)};
    }
  return result;
}

using Names = std::vector<std::string>;

Names merged_names(const Names& base, const Names& mine, const Names& theirs) {
  if (mine == base) return theirs;
  Names result = mine;
  for (const std::string& name : theirs)
    if (std::ranges::find(mine, name) == mine.end() && std::ranges::find(base, name) == base.end())
      result.push_back(name);
  if (result.size() > Settings::kMaxRecent) result.resize(Settings::kMaxRecent);
  return result;
}

}  // namespace

Settings merged(const Settings& base, const Settings& mine, const Settings& theirs) {
  Settings result = theirs;
  const auto take = [&](auto... members) {
    const auto one = [&](auto member) {
      if (mine.*member != base.*member) result.*member = mine.*member;
    };
    (one(members), ...);
  };
  take(&Settings::filter, &Settings::ui_scale, &Settings::window_width, &Settings::window_height,
       &Settings::gallery_width, &Settings::side_width, &Settings::tab, &Settings::priority,
       &Settings::unfinished, &Settings::video);
  result.recent = merged_names(base.recent, mine.recent, theirs.recent);
  result.runs = merged_names(base.runs, mine.runs, theirs.runs);
  result.favourites = merged_favourites(base, mine, theirs);
  return result;
}

}  // namespace facemorph
