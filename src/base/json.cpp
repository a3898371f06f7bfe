#include "base/json.hpp"

#include <algorithm>
#include <string>

namespace facemorph {
namespace {

std::string line_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(text.size(), byte == 0 ? 0 : byte - 1));
  return std::to_string(1 + std::ranges::count(before, '\n'));
}

template <typename Json>
Json parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes)
    throw JsonError("it is larger than " + std::to_string(limits.bytes >> 20) + " MB");
  std::size_t values = 0;
  const auto watch = [&](int depth, typename Json::parse_event_t, Json&) {
    if (depth > limits.depth)
      throw JsonError("its lists are nested more than " + std::to_string(limits.depth) + " deep");
    if (++values > limits.values)
      throw JsonError("it holds more than " + std::to_string(limits.values) + " values");
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), watch);
  } catch (const typename Json::parse_error& error) {
    throw JsonError("it stops being JSON in line " + line_of(text, error.byte));
  } catch (const typename Json::exception&) {
    throw JsonError("it holds a number too large to read");
  }
}

}  // namespace

nlohmann::json parse_json(std::string_view text, const JsonLimits& limits) {
  return parse<nlohmann::json>(text, limits);
}

nlohmann::ordered_json parse_ordered_json(std::string_view text, const JsonLimits& limits) {
  return parse<nlohmann::ordered_json>(text, limits);
}

}  // namespace facemorph
