#pragma once

#include <cstddef>
#include <string_view>

namespace facemorph {

/// How many bytes the well-formed character has that begins there; 0: none does. Unicode 15, table
/// 3-7.
std::size_t character_at(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

}  // namespace facemorph
