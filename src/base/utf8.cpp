#include "base/utf8.hpp"

namespace facemorph {
namespace {

/// Of the bytes that follow the first, the second one is more narrowly bounded: there are no
/// overlong forms, no surrogates, and nothing beyond U+10FFFF.
struct Form {
  std::size_t length;
  unsigned least;
  unsigned most;
};

Form form_of(unsigned first) {
  if (first >= 0xC2 && first <= 0xDF) return {2, 0x80, 0xBF};
  if (first >= 0xE0 && first <= 0xEF)
    return {3, first == 0xE0 ? 0xA0U : 0x80U, first == 0xED ? 0x9FU : 0xBFU};
  if (first >= 0xF0 && first <= 0xF4)
    return {4, first == 0xF0 ? 0x90U : 0x80U, first == 0xF4 ? 0x8FU : 0xBFU};
  return {0, 0, 0};
}

}  // namespace

std::size_t character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (byte(0) < 0x80) return 1;
  const Form form = form_of(byte(0));
  if (form.length == 0 || form.length > text.size() - at) return 0;
  if (byte(1) < form.least || byte(1) > form.most) return 0;
  for (std::size_t i = 2; i < form.length; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  return form.length;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_at(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace facemorph
