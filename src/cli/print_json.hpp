#pragma once

#include "base/json.hpp"

#include <iostream>

namespace facemorph {

/// What --json prints: one object, on lines for people.
inline void print_json(const nlohmann::ordered_json& json) {
  std::cout << json_text(json, 2) << "\n";
}

}  // namespace facemorph
