#pragma once

#include <cstdint>
#include <string>

namespace facemorph {

/// "12,345"
std::string grouped(std::uint64_t number);

/// "12:04", "1:12 h"
std::string clock_text(double seconds);

}  // namespace facemorph
