#include "cli/bench_peers.hpp"

#include "base/embedded.hpp"
#include "base/files.hpp"
#include "base/temporary_folder.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "checkpoint/onnx/onnx_writer.hpp"
#include "cli/command_output.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

DECLARE_EMBEDDED(generator_peers_py);
DECLARE_EMBEDDED(onnxruntime_peer_js);

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

/// The JSON object that a command prints; an empty one when it does not.
Json object_of(const std::string& command) {
  Json result = Json::parse(output_of(command), nullptr, false);
  return result.is_object() ? result : Json::object();
}

}  // namespace

Json measure_peers(const Model& model, int threads, double seconds,
                   std::span<const std::size_t> batches) {
  const TemporaryFolder scratch;
  std::string sizes;
  for (const std::size_t batch : batches)
    sizes += " " + std::to_string(batch);
  const std::string ending = " " + std::to_string(threads) + " " + std::to_string(seconds) + sizes;

  const std::filesystem::path weights = scratch / "netG.pth";
  write_checkpoint(weights, model.network->tensors, {});
  ::setenv("FACEMORPH_PEER", std::string(EMBEDDED_BYTES(generator_peers_py)).c_str(), 1);
  const GeneratorArch& arch = model.arch;
  Json peers = object_of("/usr/bin/python3 -c \"$FACEMORPH_PEER\" '" + weights.string() + "' " +
                         std::to_string(arch.nz) + " " + std::to_string(arch.ngf) + " " +
                         std::to_string(arch.nc) + " " + std::to_string(arch.image_size) + ending);

  const std::filesystem::path program = scratch / "netG.onnx";
  write_file_atomically(program, to_onnx(model.network->stack));
  ::setenv("FACEMORPH_PEER", std::string(EMBEDDED_BYTES(onnxruntime_peer_js)).c_str(), 1);
  peers.update(object_of("NODE_PATH=\"$FACEMORPH_NODE_MODULES\" node -e \"$FACEMORPH_PEER\" -- '" +
                         program.string() + "' " + std::to_string(arch.nz) + ending));
  return peers;
}

}  // namespace facemorph
