#pragma once

#include "engine/engine.hpp"

#include <string>
#include <utility>
#include <vector>

namespace facemorph {

/// Names and versions of what this program runs on, for the About window. Needs a GL context.
std::vector<std::pair<std::string, std::string>> library_versions(const EngineInfo& engine);

}  // namespace facemorph
