#include "checkpoint/generator/assumptions_file.hpp"

#include "base/error.hpp"
#include "base/file_bytes.hpp"
#include "base/files.hpp"
#include "base/json.hpp"

#include <optional>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".facemorph.json";
constexpr const char* kKind = "assumptions";
constexpr int kVersion = 1;
constexpr std::size_t kLargestFile = 1 << 20;
constexpr std::size_t kMostValues = 100'000;

/// A file's JSON, when it is one that keeps assumptions: sessions have the same ending.
std::optional<nlohmann::json> load(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored) || fs::file_size(path, ignored) > kLargestFile ||
      fs::is_empty(path, ignored))
    return std::nullopt;
  const FileBytes file(path);
  const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()),
                              file.bytes().size());
  nlohmann::json json;
  try {
    json = parse_json(text, {kLargestFile, kMostValues});
  } catch (const JsonError&) {
    return std::nullopt;
  }
  if (!json.is_object() || json.value("facemorph", nlohmann::json()) != kKind) return std::nullopt;
  return json;
}

bool is_ours(const fs::path& path) {
  try {
    return load(path).has_value();
  } catch (const Error&) {
    return false;
  }
}

Assumptions parse(const fs::path& path, const nlohmann::json& json) {
  const auto unsound = [&](const std::string& problem) {
    return Error(path.string() + ": " + problem +
                 " It keeps what was assumed about a model; mend or delete it.");
  };
  if (json.value("version", nlohmann::json()) != kVersion)
    throw unsound("this file is of another version of Facemorph.");
  Assumptions result;
  const auto kept = json.find(kKind);
  if (kept == json.end() || !kept->is_object()) throw unsound("there are no assumptions in it.");
  for (const auto& [key, value] : kept->items()) {
    if (!value.is_string()) throw unsound("the value of '" + key + "' is not a text.");
    result[key] = value.get<std::string>();
  }
  return result;
}

}  // namespace

AssumptionsPlace assumptions_place(const fs::path& checkpoint, const std::string& hash) {
  fs::path beside = checkpoint;
  beside.replace_extension();
  beside += kEnding;
  return {beside, config_folder() / "models" / (hash + kEnding)};
}

Assumptions read_assumptions(const AssumptionsPlace& place) {
  for (const fs::path& path : {place.beside, place.fallback})
    if (const auto json = load(path)) return parse(path, *json);
  return {};
}

fs::path write_assumptions(const AssumptionsPlace& place, const Assumptions& assumptions) {
  if (assumptions.empty()) {
    for (const fs::path& path : {place.beside, place.fallback}) {
      std::error_code ignored;
      if (is_ours(path)) fs::remove(path, ignored);
    }
    return {};
  }
  const nlohmann::ordered_json json = {
      {"facemorph", kKind}, {"version", kVersion}, {kKind, assumptions}};
  const std::string text = json_text(json, 2) + "\n";
  std::error_code ignored;
  if (!fs::exists(place.beside, ignored) || is_ours(place.beside)) try {
      write_file_atomically(place.beside, text);
      return place.beside;
    } catch (const Error&) {  // a folder that cannot be written to
    }
  write_file_atomically(place.fallback, text);
  return place.fallback;
}

}  // namespace facemorph
