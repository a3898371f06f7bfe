#pragma once

#include "checkpoint/generator/generator.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace facemorph::testing {

/// What tests/python/make_networks.py wrote; ctest makes it and sets the variable.
inline std::filesystem::path fixtures_folder() {
  const char* folder = std::getenv("FACEMORPH_FIXTURES");
  if (folder == nullptr)
    throw std::runtime_error(
        "Set FACEMORPH_FIXTURES to a folder filled by tests/python/make_networks.py.");
  return std::filesystem::path(folder) / "networks";
}

/// One network and the numbers that Python gave for it.
class Fixture {
 public:
  explicit Fixture(nlohmann::ordered_json entry)
      : entry_(std::move(entry)), path_(fixtures_folder() / (name() + ".bin")) {}

  std::string name() const { return entry_.at("name"); }
  std::string kind() const { return entry_.at("kind"); }
  int fact(const std::string& key) const { return entry_.at(key); }
  GeneratorArch arch() const { return {fact("nz"), fact("ngf"), fact("nc"), fact("image_size")}; }

  Tensor tensor(const std::string& key) const {
    const auto& place = entry_.at("tensors").at(key);
    Tensor tensor;
    tensor.dtype = place.at("dtype") == "int64" ? DType::Int64 : DType::Float32;
    tensor.shape = place.at("shape").get<std::vector<std::int64_t>>();
    std::vector<std::byte> bytes(static_cast<std::size_t>(tensor.numel()) *
                                 dtype_size(tensor.dtype));
    std::ifstream file(path_, std::ios::binary);
    file.seekg(place.at("offset").get<std::streamoff>());
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    tensor.bytes = std::move(bytes);
    if (!file) throw std::runtime_error(path_.string() + " is too short");
    return tensor;
  }

  /// The tensors whose keys begin with the prefix, without it, in Python's order.
  TensorTable table(const std::string& prefix) const {
    TensorTable table;
    for (const auto& [key, place] : entry_.at("tensors").items())
      if (key.starts_with(prefix)) table.set(key.substr(prefix.size()), tensor(key));
    return table;
  }

 private:
  nlohmann::ordered_json entry_;
  std::filesystem::path path_;
};

inline nlohmann::ordered_json fixtures_index() {
  return nlohmann::ordered_json::parse(std::ifstream(fixtures_folder() / "networks.json"));
}

/// All networks of a kind: "generator" or "discriminator".
inline std::vector<Fixture> fixtures(const std::string& kind) {
  const nlohmann::ordered_json index = fixtures_index();
  std::vector<Fixture> found;
  for (const auto& entry : index.at("networks"))
    if (entry.at("kind") == kind) found.emplace_back(entry);
  if (found.empty()) throw std::runtime_error("There is no fixture of the kind " + kind);
  return found;
}

inline Fixture fixture(const std::string& name) {
  const nlohmann::ordered_json index = fixtures_index();
  for (const auto& entry : index.at("networks"))
    if (entry.at("name") == name) return Fixture(entry);
  throw std::runtime_error("There is no fixture " + name);
}

/// Inputs and outputs of the TorchScript programs.
inline Fixture script_fixture() {
  return Fixture(fixtures_index().at("scripts"));
}

}  // namespace facemorph::testing
