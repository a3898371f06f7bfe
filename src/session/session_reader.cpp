#include "base/error.hpp"
#include "base/json.hpp"
#include "session/session_fields.hpp"
#include "session/session_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace facemorph {
namespace {

constexpr std::size_t kMaxLatent = 4096;
constexpr std::size_t kMaxKeys = 10'000;
constexpr std::size_t kMostTerms = 100;
constexpr std::size_t kMostDirections = 1000;
constexpr double kMostWeight = 100;
constexpr double kMostNoise = 10;
constexpr double kDay = 86'400;
constexpr double kLeastPace = 0.01;
constexpr double kLongest = 1e6;
constexpr double kMostOffset = 100;
constexpr double kMaxTruncation = 10;

Latent read_latent(const Json& json, const std::string& path) {
  if (!json.is_array() || json.empty() || json.size() > kMaxLatent)
    fail(path, "a list of 1 to 4096 numbers is expected");
  Latent latent;
  latent.reserve(json.size());
  for (const Json& item : json) {
    const double value = item.is_number() ? item.get<double>() : std::nan("");
    if (!(std::abs(value) <= std::numeric_limits<float>::max()))
      fail(path + "[" + std::to_string(latent.size()) + "]", "a finite number is expected");
    latent.push_back(static_cast<float>(value));
  }
  return latent;
}

Face read_face(const Json& json, const std::string& path) {
  const Fields fields(json, path);
  Face face;
  if (fields.find("seed") != nullptr) {
    const std::uint64_t seed = fields.count("seed");
    const std::uint64_t nz = fields.count("nz");
    if (nz < 1 || nz > kMaxLatent) fail(fields.path_to("nz"), "must be between 1 and 4096");
    face = seed_face(seed, static_cast<int>(nz));
  } else if (const Json* latent = fields.find("latent")) {
    face.latent = read_latent(*latent, fields.path_to("latent"));
  } else {
    fail(path, "a face needs a seed with its nz, or a latent");
  }
  face.name = fields.text("name", {});
  return face;
}

/// All faces of a session are of one model.
void expect_size(std::size_t size, const MorphState& state, const std::string& path) {
  if (size == state.face.latent.size()) return;
  fail(path, "has " + std::to_string(size) + " values where the faces before have " +
                 std::to_string(state.face.latent.size()) +
                 "; all faces of a session are of one model");
}

/// The first face of a session that has no still one is shown.
std::vector<Face> read_faces(const Json& json, const std::string& path, const Parts& parts,
                             MorphState& state) {
  if (!json.is_array() || json.size() > kMaxKeys)
    fail(path, "a list of at most 10000 faces is expected");
  std::vector<Face> faces;
  for (std::size_t i = 0; i < json.size(); ++i)
    parts.part([&] {
      const std::string place = path + "[" + std::to_string(i) + "]";
      Face face = read_face(json[i], place);
      if (state.face.latent.empty()) state.face = face;
      expect_size(face.latent.size(), state, place + (face.seed ? ".nz" : ".latent"));
      faces.push_back(std::move(face));
    });
  return faces;
}

SumTerm read_term(const Json& json, const std::string& path, const Parts& parts,
                  MorphState& state) {
  const Fields fields(json, path);
  SumTerm term;
  const double weight = fields.number("weight", 1);
  if (!(std::abs(weight) <= kMostWeight)) fail(fields.path_to("weight"), "must be within 100");
  term.weight = static_cast<float>(weight);
  if (const Json* faces = fields.find("faces"))
    term.faces = read_faces(*faces, fields.path_to("faces"), parts, state);
  return term;
}

void read_sum(const Json& json, const Parts& parts, MorphState& state) {
  const Fields fields(json, "sum");
  const std::string length = fields.text("length", "typical");
  if (length != "typical" && length != "raw")
    fail("sum.length", "'" + length + "' is not known; use typical or raw");
  state.sum.length = length == "raw" ? SumLength::Raw : SumLength::Typical;
  const double noise = fields.number("noise", state.sum.noise);
  if (!(noise >= 0 && noise <= kMostNoise)) fail("sum.noise", "must be between 0 and 10");
  state.sum.noise = static_cast<float>(noise);
  const Json* terms = fields.find("terms");
  if (terms == nullptr) return;
  if (!terms->is_array() || terms->size() > kMostTerms)
    fail("sum.terms", "a list of at most 100 terms is expected");
  state.sum.terms.clear();
  // A face is a few characters of text, and its latent up to 16 KB.
  std::size_t faces = 0;
  for (const Json& term : *terms)
    if (term.is_object() && term.contains("faces")) faces += term["faces"].size();
  if (faces > kMaxKeys) fail("sum.terms", "at most 10000 faces in all are expected");
  for (std::size_t i = 0; i < terms->size(); ++i)
    parts.part([&] {
      state.sum.terms.push_back(
          read_term((*terms)[i], "sum.terms[" + std::to_string(i) + "]", parts, state));
    });
}

Direction read_direction(const Json& json, const std::string& place, const MorphState& state) {
  const Fields fields(json, place);
  const Json* vector = fields.find("vector");
  const std::string path = fields.path_to("vector");
  if (vector == nullptr) fail(path, "it is missing");
  Direction direction{fields.text("name", "direction"), read_latent(*vector, path)};
  expect_size(direction.vector.size(), state, path);
  if (std::abs(norm(direction.vector) - 1) > 1e-3F) fail(path, "must have length 1");
  return direction;
}

void read_directions(const Json& json, const Parts& parts, MorphState& state) {
  if (!json.is_array() || json.size() > kMostDirections)
    fail("directions", "a list of at most 1000 directions is expected");
  for (std::size_t i = 0; i < json.size(); ++i)
    parts.part([&] {
      state.directions.push_back(
          read_direction(json[i], "directions[" + std::to_string(i) + "]", state));
    });
}

template <typename Values>
std::string names_of(const Values& values) {
  std::string names;
  for (const auto value : values)
    names += (names.empty() ? "" : ", ") + std::string(name_of(value));
  return names;
}

MorphPad read_pad(const Json& json, const MorphState& state) {
  const Fields fields(json, "pad");
  MorphPad pad;
  const auto place = [&](const char* name) {
    const double value = fields.number(name, 0.5);
    if (!(value >= 0 && value <= 1)) fail(fields.path_to(name), "must be between 0 and 1");
    return static_cast<float>(value);
  };
  pad.x = place("x");
  pad.y = place("y");
  const Json* corners = fields.find("corners");
  if (corners == nullptr || !corners->is_array() || corners->size() != pad.corners.size())
    fail("pad.corners", "a list of four faces is expected");
  for (std::size_t i = 0; i < pad.corners.size(); ++i) {
    const std::string path = "pad.corners[" + std::to_string(i) + "]";
    pad.corners[i] = read_face((*corners)[i], path);
    expect_size(pad.corners[i].latent.size(), state, path);
  }
  return pad;
}

double read_seconds(const Fields& fields, const char* name, double otherwise) {
  const double seconds = fields.number(name, otherwise);
  if (!(seconds >= 0 && seconds <= kLongest))
    fail(fields.path_to(name), "must be between 0 and 1000000 seconds");
  return seconds;
}

Easing read_easing(const Fields& fields, Easing otherwise) {
  const std::string name = fields.text("easing", std::string(name_of(otherwise)));
  const auto easing = easing_from(name);
  if (!easing)
    fail(fields.path_to("easing"), "'" + name + "' is not known; use one of " + names_of(kEasings));
  return *easing;
}

/// `least`: where the key before ends; keys are in order.
KeyTime read_time(const Fields& fields, const KeyTime& otherwise, double least) {
  KeyTime time;
  time.at = read_seconds(fields, "at", otherwise.at);
  if (time.at < least) fail(fields.path_to("at"), "must be later than the key before");
  time.hold = read_seconds(fields, "hold", otherwise.hold);
  time.easing = read_easing(fields, otherwise.easing);
  return time;
}

std::vector<float> read_steps(const Fields& fields) {
  const Json* json = fields.find("steps");
  if (json == nullptr) return {};
  std::vector<float> steps = read_latent(*json, fields.path_to("steps"));
  if (steps.size() < 2 || steps.front() != 0 || steps.back() != 1 || !std::ranges::is_sorted(steps))
    fail(fields.path_to("steps"), "must rise from 0 to 1");
  return steps;
}

/// Keys that do not say when they are (those of versions 1 and 2) follow at the walk's pace.
void read_keys(const Json& json, const Parts& parts, MorphState& state) {
  if (!json.is_array() || json.size() > kMaxKeys)
    fail("keys", "a list of at most 10000 faces is expected");
  for (std::size_t i = 0; i < json.size(); ++i)
    parts.part([&] {
      const std::string path = "keys[" + std::to_string(i) + "]";
      Face face = read_face(json[i], path);
      if (state.face.latent.empty()) state.face = face;
      expect_size(face.latent.size(), state, path + (face.seed ? ".nz" : ".latent"));
      KeyTime next{0, 0, state.walk.easing};
      double least = 0;
      if (!state.keys.empty()) {
        const KeyTime& before = state.keys.back().time;
        next.at = before.at + before.hold + state.walk.seconds_per_face;
        least = std::nextafter(before.at, kLongest);
      }
      const Fields fields(json[i], path);
      state.keys.push_back({std::move(face), read_time(fields, next, least), read_steps(fields)});
    });
  if (state.walk.length > 0 || state.keys.empty()) return;
  const KeyTime& last = state.keys.back().time;
  state.walk.length = last.at + last.hold + (state.walk.loop ? state.walk.seconds_per_face : 0);
}

TrackKey read_track_key(const Fields& fields, TrackKind kind, const Track& track) {
  TrackKey key;
  const double least = track.keys.empty() ? 0 : std::nextafter(track.keys.back().time.at, kLongest);
  key.time = read_time(fields, {}, least);
  const auto value = [&](const char* name, double low, double high) {
    const double number = fields.number(name, std::nan(""));
    if (!(number >= low && number <= high))
      fail(fields.path_to(name), "must be between " + std::to_string(static_cast<int>(low)) +
                                     " and " + std::to_string(static_cast<int>(high)));
    return static_cast<float>(number);
  };
  if (kind == TrackKind::Pad) {
    key.value = value("x", 0, 1);
    key.y = value("y", 0, 1);
  } else {
    key.value = kind == TrackKind::Truncation ? value("value", 0, kMaxTruncation)
                                              : value("value", -kMostOffset, kMostOffset);
  }
  return key;
}

Track read_track(const Json& json, const std::string& path, const MorphState& state) {
  const Fields fields(json, path);
  Track track;
  const auto kind = track_kind_from(fields.text("sets", {}));
  if (!kind) fail(fields.path_to("sets"), "use one of truncation, direction, pad");
  track.target.kind = *kind;
  if (*kind == TrackKind::Direction) track.target.direction = read_direction(json, path, state);
  if (*kind == TrackKind::Pad && state.pad.corners.front().latent.empty())
    fail(path, "the session has no pad");
  const Json* keys = fields.find("keys");
  if (keys == nullptr || !keys->is_array() || keys->empty() || keys->size() > kMaxKeys)
    fail(fields.path_to("keys"), "a list of 1 to 10000 keys is expected");
  for (std::size_t i = 0; i < keys->size(); ++i)
    track.keys.push_back(
        read_track_key(Fields((*keys)[i], fields.path_to("keys") + "[" + std::to_string(i) + "]"),
                       track.target.kind, track));
  return track;
}

void read_tracks(const Json& json, const Parts& parts, MorphState& state) {
  if (!json.is_array() || json.size() > kMostDirections)
    fail("tracks", "a list of at most 1000 tracks is expected");
  for (std::size_t i = 0; i < json.size(); ++i)
    parts.part([&] {
      const std::string path = "tracks[" + std::to_string(i) + "]";
      Track track = read_track(json[i], path, state);
      if (find_track(state, track.target) != nullptr) fail(path, "another track sets the same");
      state.tracks.push_back(std::move(track));
    });
}

WalkShape read_walk(const Json& json) {
  const Fields fields(json, "walk");
  WalkShape walk;
  const std::string path = fields.text("path", std::string(name_of(walk.path)));
  const auto known_path = walk_path_from(path);
  if (!known_path)
    fail("walk.path", "'" + path + "' is not known; use one of " + names_of(kWalkPaths));
  walk.path = *known_path;
  if (fields.find("seed") != nullptr) walk.seed = fields.count("seed");
  walk.easing = read_easing(fields, walk.easing);
  walk.length = read_seconds(fields, "length", walk.length);
  walk.loop = fields.flag("loop", walk.loop);
  walk.seconds_per_face = fields.number("seconds_per_face", walk.seconds_per_face);
  if (!(walk.seconds_per_face >= kLeastPace && walk.seconds_per_face <= kDay))
    fail("walk.seconds_per_face", "must be between 0.01 and a day (86400)");
  return walk;
}

void check_version(const Fields& fields) {
  const std::uint64_t version = fields.count("version");
  if (version > kSessionVersion)
    throw Error("This session was saved by a newer Facemorph (session version " +
                std::to_string(version) + "; this one reads up to " +
                std::to_string(kSessionVersion) + "). Update Facemorph to open it.");
  if (version < 1) fail("version", "must be 1, 2 or 3");
}

constexpr JsonLimits kSession{std::size_t{128} << 20, 8'000'000};

Json parse(const std::string& text) {
  try {
    return parse_json(text, kSession);
  } catch (const JsonError& error) {
    throw Error(std::string("This is not a Facemorph session: ") + error.what() +
                ". Open a file that Facemorph saved (*.facemorph.json).");
  }
}

/// Throws what makes it no session at all, or one without any face.
MorphState read_session(const std::string& text, const Parts& parts) {
  const Json json = parse(text);
  if (!json.is_object() || json.value("format", Json()) != "facemorph-session")
    throw Error(
        "This is not a Facemorph session: it does not say \"format\": \"facemorph-session\". Open "
        "a file that Facemorph saved (*.facemorph.json).");
  const Fields fields(json, "");
  check_version(fields);
  MorphState state;
  const auto read = [&](const char* name, auto how) {
    if (const Json* part = fields.find(name)) parts.part([&] { how(*part); });
  };
  read("model", [&](const Json& model) {
    const Fields model_fields(model, "model");
    state.model = {model_fields.text("path", {}), model_fields.text("hash", {})};
  });
  read("face", [&](const Json& face) { state.face = read_face(face, "face"); });
  read("walk", [&](const Json& walk) { state.walk = read_walk(walk); });
  read("keys", [&](const Json& keys) { read_keys(keys, parts, state); });
  read("sum", [&](const Json& sum) { read_sum(sum, parts, state); });
  if (state.face.latent.empty()) fail("face", "a session needs a face, or keys");
  read("directions", [&](const Json& list) { read_directions(list, parts, state); });
  read("pad", [&](const Json& pad) { state.pad = read_pad(pad, state); });
  read("tracks", [&](const Json& tracks) { read_tracks(tracks, parts, state); });
  set_length(state, state.walk.length);
  parts.part([&] { state.walking = fields.flag("walking", state.walking); });
  parts.part([&] { state.playhead = read_seconds(fields, "playhead", state.playhead); });
  parts.part([&] {
    const double truncation = fields.number("truncation", state.truncation);
    if (!(truncation >= 0 && truncation <= kMaxTruncation))
      fail("truncation", "must be between 0 and 10");
    state.truncation = static_cast<float>(truncation);
  });
  return state;
}

}  // namespace

Face face_from_text(const std::string& text) {
  constexpr JsonLimits kOneFace{1 << 20, 10'000, 4};
  Json json;
  try {
    json = parse_json(text, kOneFace);
  } catch (const JsonError&) {
    throw Error("This text is not a face. Copy one with Ctrl+C, here or in another window.");
  }
  return read_face(json, "face");
}

std::vector<Direction> directions_from_text(const std::string& text, std::size_t size) {
  const Json json = parse(text);
  if (!json.is_object() || json.value("format", Json()) != "facemorph-directions")
    throw Error("These are not a model's directions.");
  MorphState state;
  state.face.latent.resize(size);
  if (const auto list = json.find("directions"); list != json.end())
    read_directions(*list, Parts(nullptr), state);
  return std::move(state.directions);
}

MorphState from_json_text(const std::string& text) {
  return read_session(text, Parts(nullptr));
}

MorphState sound_parts_of(const std::string& text, std::vector<std::string>& dropped) {
  return read_session(text, Parts(&dropped));
}

}  // namespace facemorph
