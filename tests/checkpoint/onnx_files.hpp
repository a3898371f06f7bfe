#pragma once

#include "base/file_bytes.hpp"
#include "base/files.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace facemorph::testing {

/// Files made by tests/python/make_onnx.py; ctest makes them and sets the variable.
inline std::filesystem::path onnx_folder() {
  const char* folder = std::getenv("FACEMORPH_FIXTURES");
  if (folder == nullptr)
    throw std::runtime_error(
        "Set FACEMORPH_FIXTURES to a folder filled by tests/python/make_onnx.py.");
  return std::filesystem::path(folder) / "onnx";
}

/// The generators among them, with inputs and images.
inline nlohmann::json onnx_index() {
  return nlohmann::json::parse(std::ifstream(onnx_folder() / "index.json"));
}

inline std::vector<std::byte> onnx_bytes(const std::string& name) {
  const FileBytes file(onnx_folder() / name);
  return {file.bytes().begin(), file.bytes().end()};
}

}  // namespace facemorph::testing
