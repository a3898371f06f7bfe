#include "viewer/settings.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "session/session_file.hpp"

#include <algorithm>
#include <string_view>

namespace facemorph {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxFavourites = 20'000;  // of a model
constexpr JsonLimits kLimits{std::size_t{256} << 20, 32'000'000};

/// Runs `read`, leaving the default where the field is missing or broken. Returns whether it was
/// missing or sound.
template <typename Read>
bool try_field(Read read) {
  try {
    read();
  } catch (const Json::out_of_range&) {  // it is not there
  } catch (const Json::exception&) {
    return false;
  } catch (const Error&) {
    return false;
  }
  return true;
}

/// Earlier versions kept a list of faces only. Returns whether all of it is sound.
bool read_favourites(const Json& json, Settings& settings) {
  bool sound = json.is_object();
  for (const auto& [hash, entry] : json.items()) {
    KeptFaces& kept = settings.favourites[hash];
    const Json& faces = entry.is_array() ? entry : entry.value("faces", Json::array());
    if (entry.is_object()) {
      kept.model = entry.value("model", "");
      kept.path = entry.value("path", "");
    }
    sound = sound && faces.is_array() && faces.size() <= kMaxFavourites;
    for (const Json& face : faces)
      if (kept.faces.size() < kMaxFavourites)
        sound &= try_field([&] { kept.faces.push_back(face_from_text(json_text(face))); });
  }
  return sound;
}

Json favourites_json(const Settings& settings) {
  Json json = Json::object();
  for (const auto& [hash, kept] : settings.favourites) {
    if (kept.faces.empty()) continue;
    Json faces = Json::array();
    for (const Face& face : kept.faces)
      faces.push_back(parse_json(face_to_text(face)));
    json[hash] = {{"model", kept.model}, {"path", kept.path}, {"faces", std::move(faces)}};
  }
  return json;
}

/// A number, or a text where it is a fraction.
void read_rate(const Json& json, ExportSettings& video) {
  const auto rate = parse_frame_rate(json.is_string() ? json.get<std::string>() : json.dump());
  const int most = info_of(video.format).most_fps;
  if (rate) video.fps = rate->per_second() > most ? FrameRate(most) : *rate;
}

Json rate_json(FrameRate rate) {
  return rate.seconds() == 1 ? Json(rate.frames()) : Json(rate.text());
}

void read_video(const Json& json, ExportSettings& video) {
  const auto number = [&](const char* key, int* value, int least, int most) {
    try_field([&] { *value = std::clamp(json.at(key).get<int>(), least, most); });
  };
  try_field([&] {
    if (const auto format = video_format_named(json.at("format").get<std::string>()))
      video.format = *format;
  });
  try_field([&] {
    if (const auto layout = layout_from(json.at("layout").get<std::string>()))
      video.layout = *layout;
  });
  try_field([&] {
    video.quality = static_cast<VideoQuality>(std::clamp(json.at("quality").get<int>(), 0, 2));
  });
  try_field(
      [&] { video.dither = static_cast<Dither>(std::clamp(json.at("dither").get<int>(), 0, 2)); });
  number("size", &video.size, kLeastSize, kMostSize);
  try_field([&] { read_rate(json.at("fps"), video); });
  number("columns", &video.columns, 1, 16);
  number("rows", &video.rows, 1, 16);
}

void put_first(std::vector<std::string>& list, const std::string& text) {
  std::erase(list, text);
  list.insert(list.begin(), text);
  if (list.size() > Settings::kMaxRecent) list.resize(Settings::kMaxRecent);
}

void read_training(const Json& json, Settings& settings) {
  try_field([&] {
    settings.priority = static_cast<Priority>(std::clamp(json.at("priority").get<int>(), 0, 2));
  });
  try_field([&] { settings.runs = json.at("runs").get<std::vector<std::string>>(); });
  if (settings.runs.size() > Settings::kMaxRecent) settings.runs.resize(Settings::kMaxRecent);
  try_field([&] {
    settings.unfinished = {json.at("unfinished").at("run").get<std::string>(),
                           json.at("unfinished").at("minutes").get<double>()};
  });
}

Json training_json(const Settings& settings) {
  return {
      {"priority", static_cast<int>(settings.priority)},
      {"runs", settings.runs},
      {"unfinished", {{"run", settings.unfinished.run}, {"minutes", settings.unfinished.minutes}}}};
}

Json video_json(const ExportSettings& video) {
  return {{"format", info_of(video.format).name},
          {"layout", name_of(video.layout)},
          {"quality", static_cast<int>(video.quality)},
          {"dither", static_cast<int>(video.dither)},
          {"size", video.size},
          {"fps", rate_json(video.fps)},
          {"columns", video.columns},
          {"rows", video.rows}};
}

/// Null where there is nothing, or nothing that can be read.
Json read_json(const std::filesystem::path& path, std::string& problem) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) return {};
  if (std::filesystem::is_regular_file(status) && std::filesystem::is_empty(path, ignored))
    return {};
  try {
    const FileBytes file(path);
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()),
                                file.bytes().size());
    Json json = parse_json(text, kLimits);
    if (json.is_object()) return json;
    problem = "they are not settings";
  } catch (const Error& error) {
    problem = error.what();
  }
  return {};
}

}  // namespace

void Settings::remember(const std::filesystem::path& path) {
  put_first(recent, path.string());
}

void Settings::remember_run(const std::filesystem::path& path) {
  put_first(runs, path.string());
}

Settings load_settings(const std::filesystem::path& path, std::string* problem) {
  Settings settings;
  std::string ignored;
  std::string& why = problem != nullptr ? *problem : ignored;
  const Json json = read_json(path, why);
  if (!json.is_object()) return settings;
  try_field([&] { settings.recent = json.at("recent").get<std::vector<std::string>>(); });
  if (settings.recent.size() > Settings::kMaxRecent) settings.recent.resize(Settings::kMaxRecent);
  bool sound = true;
  sound &= try_field([&] { sound &= read_favourites(json.at("favourites"), settings); });
  if (!sound) why = "some favourites are not sound";
  try_field([&] {
    settings.filter = static_cast<Filter>(std::clamp(json.at("filter").get<int>(), 0, 3));
  });
  try_field([&] { settings.ui_scale = std::clamp(json.at("ui_scale").get<float>(), 0.0F, 4.0F); });
  try_field([&] {
    settings.window_width = std::clamp(json.at("window").at(0).get<int>(), 1024, 16384);
    settings.window_height = std::clamp(json.at("window").at(1).get<int>(), 640, 16384);
  });
  try_field([&] {
    settings.gallery_width = std::clamp(json.at("panels").at(0).get<float>(), 0.0F, 4000.0F);
    settings.side_width = std::clamp(json.at("panels").at(1).get<float>(), 0.0F, 4000.0F);
  });
  try_field([&] { read_video(json.at("video"), settings.video); });
  try_field([&] { read_training(json.at("training"), settings); });
  try_field([&] { settings.tab = std::clamp(json.at("tab").get<int>(), 0, 5); });
  return settings;
}

void save_settings(const std::filesystem::path& path, const Settings& settings) {
  const Json json = {{"recent", settings.recent},
                     {"favourites", favourites_json(settings)},
                     {"filter", static_cast<int>(settings.filter)},
                     {"ui_scale", settings.ui_scale},
                     {"window", {settings.window_width, settings.window_height}},
                     {"panels", {settings.gallery_width, settings.side_width}},
                     {"video", video_json(settings.video)},
                     {"training", training_json(settings)},
                     {"tab", settings.tab}};
  write_file_atomically(path, json_text(json, 1) + "\n");
}

}  // namespace facemorph
