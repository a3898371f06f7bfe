#pragma once

#include "base/error.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace facemorph {

/// What a text from a stranger may ask for. Reading takes up to 64 bytes a value.
struct JsonLimits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t values = 4'000'000;
  int depth = 32;  ///< of lists and objects in one another
};

/// Why a text cannot be read, as the end of a sentence: "it stops being JSON in line 3".
class JsonError : public Error {
 public:
  using Error::Error;
};

/// Reads JSON from anywhere; texts come back as json_text() took them. Throws JsonError for what is
/// none, or goes beyond the limits.
nlohmann::json parse_json(std::string_view text, const JsonLimits& limits = {});
/// The same; names stay in the order of the text.
nlohmann::ordered_json parse_ordered_json(std::string_view text, const JsonLimits& limits = {});

/// Writes JSON, on lines where `indent` is not negative. File names may hold bytes that are not
/// UTF-8, which JSON cannot: byte B is written as the private character U+EF00 + B (MirBSD's OPTU
/// encoding).
std::string json_text(const nlohmann::json& json, int indent = -1);
std::string json_text(const nlohmann::ordered_json& json, int indent = -1);

}  // namespace facemorph
