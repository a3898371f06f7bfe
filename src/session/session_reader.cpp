#include "base/error.hpp"
#include "session/session_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace facemorph {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxLatent = 4096;
constexpr std::size_t kMaxKeys = 10'000;
constexpr std::size_t kMostTerms = 100;
constexpr std::size_t kMostDirections = 1000;
constexpr double kMostWeight = 100;
constexpr double kMostNoise = 10;
constexpr double kDay = 86'400;
constexpr double kMaxTruncation = 10;

[[noreturn]] void fail(const std::string& field, const std::string& problem) {
  throw Error("The session is not valid: " + field + ": " + problem + ".");
}

/// The members of one JSON object. Absent ones give the default, ones of another type an error that
/// names them; nlohmann's own get<>() would turn true into 1 and 1.5 into 1.
class Fields {
 public:
  Fields(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json.is_object()) fail(path_, "an object {…} is expected");
  }

  std::string path_to(const std::string& name) const {
    return path_.empty() ? name : path_ + "." + name;
  }
  const std::string& path() const { return path_; }

  const Json* find(const char* name) const {
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  std::string text(const char* name, std::string otherwise) const {
    const Json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) fail(path_to(name), "a text in quotes is expected");
    return value->get<std::string>();
  }
  bool flag(const char* name, bool otherwise) const {
    const Json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) fail(path_to(name), "true or false is expected");
    return value->get<bool>();
  }
  double number(const char* name, double otherwise) const {
    const Json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_number()) fail(path_to(name), "a number is expected");
    return value->get<double>();
  }
  std::uint64_t count(const char* name) const {
    const Json* value = find(name);
    if (value == nullptr) fail(path_to(name), "it is missing");
    if (!value->is_number_unsigned()) fail(path_to(name), "a whole number from 0 up is expected");
    return value->get<std::uint64_t>();
  }

 private:
  const Json& json_;
  std::string path_;
};

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

/// Reads one part of a session. A part that is not sound is left out and named, if that is asked
/// for, else it makes the whole session invalid.
class Parts {
 public:
  explicit Parts(std::vector<std::string>* dropped) : dropped_(dropped) {}
  template <typename Read>
  void part(Read read) const {
    try {
      read();
    } catch (const Error& error) {
      if (dropped_ == nullptr) throw;
      dropped_->emplace_back(error.what());
    }
  }

 private:
  std::vector<std::string>* dropped_;
};

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

WalkShape read_walk(const Json& json) {
  const Fields fields(json, "walk");
  WalkShape walk;
  const std::string path = fields.text("path", std::string(name_of(walk.path)));
  const auto known_path = walk_path_from(path);
  if (!known_path)
    fail("walk.path", "'" + path + "' is not known; use one of " + names_of(kWalkPaths));
  walk.path = *known_path;
  if (fields.find("seed") != nullptr) walk.seed = fields.count("seed");
  const std::string name = fields.text("easing", std::string(name_of(walk.easing)));
  const auto easing = easing_from(name);
  if (!easing) fail("walk.easing", "'" + name + "' is not known; use one of " + names_of(kEasings));
  walk.easing = *easing;
  walk.loop = fields.flag("loop", walk.loop);
  walk.seconds_per_face = fields.number("seconds_per_face", walk.seconds_per_face);
  if (!(walk.seconds_per_face > 0 && walk.seconds_per_face <= kDay))
    fail("walk.seconds_per_face", "must be above 0 and at most a day (86400)");
  return walk;
}

void check_version(const Fields& fields) {
  const std::uint64_t version = fields.count("version");
  if (version > kSessionVersion)
    throw Error("This session was saved by a newer Facemorph (session version " +
                std::to_string(version) + "; this one reads up to " +
                std::to_string(kSessionVersion) + "). Update Facemorph to open it.");
  if (version < 1) fail("version", "must be 1 or 2");
}

Json parse(const std::string& text) {
  std::string problem;
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::size_t end = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    const auto begin = text.begin();
    const auto stop = begin + static_cast<std::ptrdiff_t>(end);
    problem = "it stops being JSON in line " + std::to_string(1 + std::count(begin, stop, '\n'));
  } catch (const Json::exception&) {
    problem = "it holds a number too large to read";
  }
  throw Error("This is not a Facemorph session: " + problem +
              ". Open a file that Facemorph saved (*.facemorph.json).");
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
  read("keys", [&](const Json& keys) { state.keys = read_faces(keys, "keys", parts, state); });
  read("sum", [&](const Json& sum) { read_sum(sum, parts, state); });
  if (state.face.latent.empty()) fail("face", "a session needs a face, or keys");
  read("directions", [&](const Json& list) { read_directions(list, parts, state); });
  read("pad", [&](const Json& pad) { state.pad = read_pad(pad, state); });
  read("walk", [&](const Json& walk) { state.walk = read_walk(walk); });
  parts.part([&] { state.walking = fields.flag("walking", state.walking); });
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
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception&) {
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
