#include "cli/bench_peers.hpp"

#include "base/embedded.hpp"
#include "base/files.hpp"
#include "checkpoint/checkpoint.hpp"
#include "checkpoint/onnx_writer.hpp"

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

DECLARE_EMBEDDED(generator_peers_py);
DECLARE_EMBEDDED(onnxruntime_peer_js);

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

/// A folder for one measurement.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "facemorph-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The JSON object that a command prints; an empty one when it does not.
Json object_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>/dev/null").c_str(), "r"),
                                                   &::pclose);
  std::string text;
  std::array<char, 4096> block{};
  while (pipe && std::fgets(block.data(), block.size(), pipe.get()) != nullptr)
    text += block.data();
  Json result = Json::parse(text, nullptr, false);
  return result.is_object() ? result : Json::object();
}

}  // namespace

Json measure_peers(const Model& model, int threads, double seconds,
                   std::span<const std::size_t> batches) {
  const Scratch scratch;
  std::string sizes;
  for (const std::size_t batch : batches)
    sizes += " " + std::to_string(batch);
  const std::string ending = " " + std::to_string(threads) + " " + std::to_string(seconds) + sizes;

  const std::filesystem::path weights = scratch.path() / "netG.pth";
  write_checkpoint(weights, model.network->tensors, {});
  ::setenv("FACEMORPH_PEER", std::string(EMBEDDED_BYTES(generator_peers_py)).c_str(), 1);
  const GeneratorArch& arch = model.arch;
  Json peers = object_of("/usr/bin/python3 -c \"$FACEMORPH_PEER\" '" + weights.string() + "' " +
                         std::to_string(arch.nz) + " " + std::to_string(arch.ngf) + " " +
                         std::to_string(arch.nc) + " " + std::to_string(arch.image_size) + ending);

  const std::filesystem::path program = scratch.path() / "netG.onnx";
  write_file_atomically(program, to_onnx(model.network->stack));
  ::setenv("FACEMORPH_PEER", std::string(EMBEDDED_BYTES(onnxruntime_peer_js)).c_str(), 1);
  peers.update(object_of("NODE_PATH=\"$FACEMORPH_NODE_MODULES\" node -e \"$FACEMORPH_PEER\" -- '" +
                         program.string() + "' " + std::to_string(arch.nz) + ending));
  return peers;
}

}  // namespace facemorph
