#include "base/json.hpp"
#include "session/session_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

/// The number with the fewest digits that reads back as exactly this float: 0.1 and not
/// 0.10000000149011612.
double fewest_digits(float value) {
  char text[64];
  double number = 0;
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  std::from_chars(text, end, number);
  return static_cast<float>(number) == value ? number : value;
}

bool is_latent_of_seed(const Face& face) {
  return face.seed && !face.latent.empty() &&
         face.latent == seed_latent(*face.seed, static_cast<int>(face.latent.size()));
}

Json numbers_to_json(const std::vector<float>& values) {
  Json json = Json::array();
  for (const float value : values)
    json.push_back(fewest_digits(value));
  return json;
}

Json face_to_json(const Face& face) {
  Json json = Json::object();
  if (!face.name.empty()) json["name"] = face.name;
  if (is_latent_of_seed(face)) {
    json["seed"] = *face.seed;
    json["nz"] = face.latent.size();
    return json;
  }
  json["latent"] = numbers_to_json(face.latent);
  return json;
}

Json walk_to_json(const WalkShape& walk) {
  return {{"path", name_of(walk.path)},
          {"easing", name_of(walk.easing)},
          {"seconds_per_face", walk.seconds_per_face},
          {"length", walk.length},
          {"loop", walk.loop},
          {"seed", walk.seed}};
}

Json faces_to_json(const std::vector<Face>& faces) {
  Json json = Json::array();
  for (const Face& face : faces)
    json.push_back(face_to_json(face));
  return json;
}

Json sum_to_json(const FaceSum& sum) {
  Json terms = Json::array();
  for (const SumTerm& term : sum.terms)
    terms.push_back({{"weight", fewest_digits(term.weight)}, {"faces", faces_to_json(term.faces)}});
  return {{"length", sum.length == SumLength::Typical ? "typical" : "raw"},
          {"noise", fewest_digits(sum.noise)},
          {"terms", std::move(terms)}};
}

Json directions_to_json(const std::vector<Direction>& directions) {
  Json json = Json::array();
  for (const Direction& direction : directions)
    json.push_back({{"name", direction.name}, {"vector", numbers_to_json(direction.vector)}});
  return json;
}

void add_time(Json& json, const KeyTime& time) {
  json["at"] = time.at;
  if (time.hold > 0) json["hold"] = time.hold;
  json["easing"] = name_of(time.easing);
}

Json keys_to_json(const std::vector<Keyframe>& keys) {
  Json json = Json::array();
  for (const Keyframe& key : keys) {
    Json item = face_to_json(key.face);
    add_time(item, key.time);
    if (!key.steps.empty()) item["steps"] = numbers_to_json(key.steps);
    json.push_back(std::move(item));
  }
  return json;
}

Json track_to_json(const Track& track) {
  Json json = {{"sets", name_of(track.target.kind)}};
  if (track.target.kind == TrackKind::Direction) {
    json["name"] = track.target.direction.name;
    json["vector"] = numbers_to_json(track.target.direction.vector);
  }
  json["keys"] = Json::array();
  for (const TrackKey& key : track.keys) {
    Json item = Json::object();
    add_time(item, key.time);
    item[track.target.kind == TrackKind::Pad ? "x" : "value"] = fewest_digits(key.value);
    if (track.target.kind == TrackKind::Pad) item["y"] = fewest_digits(key.y);
    json["keys"].push_back(std::move(item));
  }
  return json;
}

Json tracks_to_json(const std::vector<Track>& tracks) {
  Json json = Json::array();
  for (const Track& track : tracks)
    json.push_back(track_to_json(track));
  return json;
}

/// A pad that was never used has no corners.
Json pad_to_json(const MorphPad& pad) {
  return {{"x", fewest_digits(pad.x)},
          {"y", fewest_digits(pad.y)},
          {"corners", faces_to_json({pad.corners.begin(), pad.corners.end()})}};
}

std::string plain_text(const Json& json) {
  return json_text(json);
}

/// Like dump(2), but lists and objects of plain values stay on one line: a latent is one line of
/// the file and not 512.
void append_pretty(std::string& out, const Json& json, const std::string& indent) {
  const auto is_plain = [](const Json& item) { return item.is_primitive(); };
  const bool one_line = std::all_of(json.begin(), json.end(), is_plain);
  const std::string separator = one_line ? ", " : ",\n" + indent + "  ";
  const std::string margin = one_line ? "" : "\n" + indent + "  ";
  out += json.is_object() ? "{" : "[";
  out += margin;
  bool first = true;
  for (const auto& item : json.items()) {
    if (!first) out += separator;
    first = false;
    if (json.is_object()) out += plain_text(item.key()) + ": ";
    if (item.value().is_primitive()) {
      out += plain_text(item.value());
    } else {
      append_pretty(out, item.value(), indent + "  ");
    }
  }
  if (!one_line) out += "\n" + indent;
  out += json.is_object() ? "}" : "]";
}

}  // namespace

std::string face_to_text(const Face& face) {
  return plain_text(face_to_json(face));
}

std::string directions_to_text(const std::vector<Direction>& directions) {
  std::string text;
  append_pretty(text,
                {{"format", "facemorph-directions"},
                 {"version", 1},
                 {"directions", directions_to_json(directions)}},
                "");
  return text + "\n";
}

std::string to_json_text(const MorphState& state) {
  Json json = {{"format", "facemorph-session"},
               {"version", kSessionVersion},
               {"model", {{"path", state.model.path}, {"hash", state.model.hash}}}};
  if (!state.face.latent.empty()) json["face"] = face_to_json(state.face);
  json["keys"] = keys_to_json(state.keys);
  json["walk"] = walk_to_json(state.walk);
  json["walking"] = state.walking;
  json["playhead"] = state.playhead;
  json["truncation"] = fewest_digits(state.truncation);
  json["sum"] = sum_to_json(state.sum);
  json["directions"] = directions_to_json(state.directions);
  if (!state.pad.corners.front().latent.empty()) json["pad"] = pad_to_json(state.pad);
  json["tracks"] = tracks_to_json(state.tracks);
  std::string text;
  append_pretty(text, json, "");
  return text + "\n";
}

}  // namespace facemorph
