#pragma once

#include <string>

namespace facemorph {

/// What a shell command prints; as much as there is when it fails. What it says on standard error
/// is dropped.
std::string output_of(const std::string& command);

}  // namespace facemorph
