#include "base/json.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <string>

namespace facemorph {
namespace {

std::string line_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(text.size(), byte == 0 ? 0 : byte - 1));
  return std::to_string(1 + std::ranges::count(before, '\n'));
}

/// U+EF80 … U+EFFF stand for the bytes 80 … FF.
std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_at(text, at);
    if (length > 0) {
      result += text.substr(at, length);
    } else {
      const auto byte = static_cast<unsigned char>(text[at]);
      result += {'\xEE', static_cast<char>(0xBE | (byte >> 6U & 1U)),
                 static_cast<char>(0x80 | (byte & 0x3FU))};
    }
    at += std::max<std::size_t>(length, 1);
  }
  return result;
}

void unescape(std::string& text) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size(); ++end) {
    const std::string_view rest = std::string_view(text).substr(at);
    const bool one = rest.starts_with("\xEE\xBE") || rest.starts_with("\xEE\xBF");
    if (one && rest.size() >= 3) {
      text[end] = static_cast<char>(0x80 | (rest[1] & 1) << 6 | (rest[2] & 0x3F));
      at += 3;
    } else {
      text[end] = text[at++];
    }
  }
  text.resize(end);
}

template <typename Json>
void escape_texts(Json& json) {
  if (json.is_string()) json = escaped(json.template get_ref<const std::string&>());
  if (json.is_structured())
    for (Json& item : json)
      escape_texts(item);
}

template <typename Json>
std::string text_of(const Json& json, int indent) {
  try {
    return json.dump(indent);
  } catch (const typename Json::type_error&) {
    Json sound = json;
    escape_texts(sound);
    // Names of members are not escaped: nobody reads them back as names of files.
    return sound.dump(indent, ' ', false, Json::error_handler_t::replace);
  }
}

template <typename Json>
Json parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes)
    throw JsonError("it is larger than " + std::to_string(limits.bytes >> 20) + " MB");
  std::size_t values = 0;
  const auto watch = [&](int depth, typename Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::value && parsed.is_string())
      unescape(parsed.template get_ref<std::string&>());
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

std::string json_text(const nlohmann::json& json, int indent) {
  return text_of(json, indent);
}

std::string json_text(const nlohmann::ordered_json& json, int indent) {
  return text_of(json, indent);
}

}  // namespace facemorph
