#pragma once

#include "base/file_bytes.hpp"
#include "base/files.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace facemorph::testing {

/// Files made by tests/python/make_checkpoints.py; ctest makes them and sets the variable.
inline std::filesystem::path checkpoints() {
  const char* folder = std::getenv("FACEMORPH_FIXTURES");
  if (folder == nullptr)
    throw std::runtime_error(
        "Set FACEMORPH_FIXTURES to a folder filled by tests/python/make_checkpoints.py.");
  return std::filesystem::path(folder) / "checkpoints";
}

/// What must be found in each good file.
inline nlohmann::json checkpoint_index() {
  std::ifstream file(checkpoints() / "index.json");
  return nlohmann::json::parse(file);
}

inline std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
  const FileBytes file(path);
  return {file.bytes().begin(), file.bytes().end()};
}

}  // namespace facemorph::testing
