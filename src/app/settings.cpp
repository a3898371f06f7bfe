#include "app/settings.hpp"

#include "base/files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

namespace facemorph {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxFavourites = 200;

Json face_to_json(const Face& face) {
  if (face.seed) return {{"seed", *face.seed}, {"nz", face.latent.size()}, {"name", face.name}};
  return {{"latent", face.latent}, {"name", face.name}};
}

Face face_from_json(const Json& json) {
  Face face;
  if (json.contains("seed")) {
    face = seed_face(json.at("seed").get<std::uint64_t>(),
                     std::clamp(json.at("nz").get<int>(), 1, 4096));
  } else {
    face.latent = json.at("latent").get<Latent>();
    if (!std::ranges::all_of(face.latent, [](float v) { return std::isfinite(v); }))
      face.latent.clear();
  }
  face.name = json.value("name", "");
  return face;
}

/// Runs `read`, leaving the default where the field is missing or broken.
template <typename Read>
void try_field(Read read) {
  try {
    read();
  } catch (const Json::exception&) {
  }
}

void read_favourites(const Json& json, Settings& settings) {
  for (const auto& [hash, faces] : json.items())
    for (const Json& entry : faces) {
      auto& list = settings.favourites[hash];
      if (list.size() >= kMaxFavourites) break;
      try_field([&] {
        Face face = face_from_json(entry);
        if (!face.latent.empty()) list.push_back(std::move(face));
      });
    }
}

}  // namespace

void Settings::remember(const std::filesystem::path& path) {
  const std::string text = path.string();
  std::erase(recent, text);
  recent.insert(recent.begin(), text);
  if (recent.size() > kMaxRecent) recent.resize(kMaxRecent);
}

Settings load_settings(const std::filesystem::path& path) {
  Settings settings;
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return settings;
  try_field([&] { settings.recent = json.at("recent").get<std::vector<std::string>>(); });
  if (settings.recent.size() > Settings::kMaxRecent) settings.recent.resize(Settings::kMaxRecent);
  try_field([&] { read_favourites(json.at("favourites"), settings); });
  try_field([&] {
    settings.filter = static_cast<Filter>(std::clamp(json.at("filter").get<int>(), 0, 3));
  });
  try_field([&] { settings.ui_scale = std::clamp(json.at("ui_scale").get<float>(), 0.0F, 4.0F); });
  try_field([&] {
    settings.window_width = std::clamp(json.at("window").at(0).get<int>(), 1024, 16384);
    settings.window_height = std::clamp(json.at("window").at(1).get<int>(), 640, 16384);
  });
  return settings;
}

void save_settings(const std::filesystem::path& path, const Settings& settings) {
  Json favourites = Json::object();
  for (const auto& [hash, faces] : settings.favourites) {
    Json list = Json::array();
    for (const Face& face : faces)
      list.push_back(face_to_json(face));
    if (!list.empty()) favourites[hash] = std::move(list);
  }
  const Json json = {{"recent", settings.recent},
                     {"favourites", std::move(favourites)},
                     {"filter", static_cast<int>(settings.filter)},
                     {"ui_scale", settings.ui_scale},
                     {"window", {settings.window_width, settings.window_height}}};
  write_file_atomically(path, json.dump(1) + "\n");
}

}  // namespace facemorph
