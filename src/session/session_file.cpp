#include "session/session_file.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::size_t kMaxLatent = 4096;
constexpr std::size_t kMaxKeys = 10'000;

[[noreturn]] void fail(const std::string& field, const std::string& problem) {
  throw Error("The session is not valid: " + field + ": " + problem);
}

Json face_to_json(const Face& face) {
  Json json = Json::object();
  if (!face.name.empty()) json["name"] = face.name;
  // A seed says the same in one number, but only while the latent really is the seed's.
  if (face.seed && face.latent == seed_latent(*face.seed, static_cast<int>(face.latent.size()))) {
    json["seed"] = *face.seed;
    json["nz"] = face.latent.size();
  } else {
    json["latent"] = face.latent;
  }
  return json;
}

/// A member's value, or the default when it is not there. A value of another type is an error.
template <typename T>
T value_at(const Json& json, const char* name, const std::string& field, T otherwise) {
  const auto found = json.find(name);
  if (found == json.end()) return otherwise;
  try {
    return found->template get<T>();
  } catch (const Json::exception&) {
    fail(field + name, "this is not the kind of value expected here");
  }
}

const Json* object_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return nullptr;
  if (!found->is_object()) fail(name, "an object {…} is expected");
  return &*found;
}

Face face_from_json(const Json& json, const std::string& field) {
  if (!json.is_object()) fail(field, "a face {…} is expected");
  Face face;
  face.name = value_at<std::string>(json, "name", field + ".", {});
  if (json.contains("seed")) {
    if (!json["seed"].is_number_unsigned()) fail(field + ".seed", "a whole number from 0 up is expected");
    const auto nz = value_at<std::int64_t>(json, "nz", field + ".", 0);
    if (nz < 1 || nz > static_cast<std::int64_t>(kMaxLatent)) fail(field + ".nz", "must be between 1 and 4096");
    face.seed = json["seed"].get<std::uint64_t>();
    face.latent = seed_latent(*face.seed, static_cast<int>(nz));
    return face;
  }
  if (!json.contains("latent")) fail(field, "a face needs a seed or a latent");
  const Json& latent = json["latent"];
  if (!latent.is_array() || latent.empty() || latent.size() > kMaxLatent)
    fail(field + ".latent", "a list of 1 to 4096 numbers is expected");
  for (const Json& value : latent) {
    if (!value.is_number() || !std::isfinite(value.get<float>())) fail(field + ".latent", "every value must be a finite number");
    face.latent.push_back(value.get<float>());
  }
  return face;
}

WalkShape walk_from_json(const Json& json) {
  WalkShape walk;
  const auto path = value_at<std::string>(json, "path", "walk.", std::string(name_of(walk.interpolation)));
  const auto easing = value_at<std::string>(json, "easing", "walk.", std::string(name_of(walk.easing)));
  const auto known_path = interpolation_from(path);
  const auto known_easing = easing_from(easing);
  if (!known_path) fail("walk.path", "'" + path + "' is not known; slerp or linear");
  if (!known_easing) fail("walk.easing", "'" + easing + "' is not known; linear, smooth, smoother, ease-in or ease-out");
  walk.interpolation = *known_path;
  walk.easing = *known_easing;
  walk.loop = value_at<bool>(json, "loop", "walk.", walk.loop);
  walk.seconds_per_face = value_at<double>(json, "seconds_per_face", "walk.", walk.seconds_per_face);
  if (!(walk.seconds_per_face > 0) || walk.seconds_per_face > 86400) fail("walk.seconds_per_face", "must be above 0 and at most a day");
  return walk;
}

void read_faces(const Json& json, MorphState& state) {
  if (const Json* face = object_at(json, "face")) state.face = face_from_json(*face, "face");
  if (const auto keys = json.find("keys"); keys != json.end()) {
    if (!keys->is_array() || keys->size() > kMaxKeys) fail("keys", "a list of at most 10000 faces is expected");
    for (std::size_t i = 0; i < keys->size(); ++i)
      state.keys.push_back(face_from_json((*keys)[i], "keys[" + std::to_string(i) + "]"));
  }
  if (state.face.latent.empty() && !state.keys.empty()) state.face = state.keys.front();
  if (state.face.latent.empty()) fail("face", "a session needs a face or keys");
  for (std::size_t i = 0; i < state.keys.size(); ++i)
    if (state.keys[i].latent.size() != state.face.latent.size())
      fail("keys[" + std::to_string(i) + "].latent", "all faces of a session must have latents of one size");
}

}  // namespace

std::string to_json_text(const MorphState& state) {
  Json keys = Json::array();
  for (const Face& face : state.keys) keys.push_back(face_to_json(face));
  const Json json = {{"format", "facemorph-session"},
                     {"version", kVersion},
                     {"model", {{"path", state.model.path}, {"hash", state.model.hash}}},
                     {"face", face_to_json(state.face)},
                     {"keys", std::move(keys)},
                     {"walk",
                      {{"path", name_of(state.walk.interpolation)},
                       {"easing", name_of(state.walk.easing)},
                       {"seconds_per_face", state.walk.seconds_per_face},
                       {"loop", state.walk.loop}}},
                     {"walking", state.walking},
                     {"truncation", state.truncation}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

MorphState from_json_text(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("format", Json()) != "facemorph-session")
    throw Error("This is not a Facemorph session (JSON with \"format\": \"facemorph-session\").");
  const auto version = value_at<std::int64_t>(json, "version", "", 0);
  if (version > kVersion)
    throw Error("This session was saved by a newer Facemorph (version " + std::to_string(version) + "); update Facemorph to open it.");
  if (version < 1) fail("version", "must be 1");
  MorphState state;
  if (const Json* model = object_at(json, "model")) {
    state.model.path = value_at<std::string>(*model, "path", "model.", {});
    state.model.hash = value_at<std::string>(*model, "hash", "model.", {});
  }
  read_faces(json, state);
  if (const Json* walk = object_at(json, "walk")) state.walk = walk_from_json(*walk);
  state.walking = value_at<bool>(json, "walking", "", false);
  state.truncation = value_at<float>(json, "truncation", "", 1.0F);
  if (!(state.truncation >= 0.0F && state.truncation <= 10.0F)) fail("truncation", "must be between 0 and 10");
  return state;
}

void save_session(const std::filesystem::path& path, const MorphState& state) {
  write_file_atomically(path, to_json_text(state));
}

MorphState load_session(const std::filesystem::path& path) {
  const MappedFile file(path);
  constexpr std::size_t kMaxBytes = 512U << 20U;
  if (file.bytes().size() > kMaxBytes) throw Error(path.string() + " is far too large for a session.");
  try {
    return from_json_text({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
}

}  // namespace facemorph
