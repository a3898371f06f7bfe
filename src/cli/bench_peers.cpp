#include "cli/bench_peers.hpp"

#include "base/files.hpp"
#include "base/temporary_folder.hpp"
#include "checkpoint/formats/checkpoint.hpp"
#include "checkpoint/onnx/onnx_writer.hpp"
#include "cli/command_output.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

namespace facemorph {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPython = "/usr/bin/python3 \"$FACEMORPH_BENCH_PEERS\"/";

/// The JSON object that a command prints; an empty one when it does not.
Json object_of(const std::string& command) {
  Json result = Json::parse(output_of(command), nullptr, false);
  return result.is_object() ? result : Json::object();
}

}  // namespace

bool has_peers() {
  const char* folder = std::getenv("FACEMORPH_BENCH_PEERS");
  return folder != nullptr && *folder != '\0';
}

Json measure_peers(const Model& model, int threads, double seconds,
                   std::span<const std::size_t> batches) {
  if (!has_peers()) return Json::object();
  const TemporaryFolder scratch;
  std::string sizes;
  for (const std::size_t batch : batches)
    sizes += " " + std::to_string(batch);
  const std::string ending = " " + std::to_string(threads) + " " + std::to_string(seconds) + sizes;

  const std::filesystem::path weights = scratch / "netG.pth";
  write_checkpoint(weights, model.network->tensors, {});
  const GeneratorArch& arch = model.arch;
  Json peers = object_of(kPython + ("generator_peers.py '" + weights.string()) + "' " +
                         std::to_string(arch.nz) + " " + std::to_string(arch.ngf) + " " +
                         std::to_string(arch.nc) + " " + std::to_string(arch.image_size) + ending);

  const std::filesystem::path program = scratch / "netG.onnx";
  write_file_atomically(program, to_onnx(model.network->stack));
  peers.update(
      object_of("NODE_PATH=\"$FACEMORPH_NODE_MODULES\" node "
                "\"$FACEMORPH_BENCH_PEERS\"/onnxruntime_peer.js '" +
                program.string() + "' " + std::to_string(arch.nz) + ending));
  return peers;
}

double python_images_per_second(int batch, int threads, double seconds) {
  if (!has_peers()) return 0;
  double result = 0;
  std::istringstream(output_of(kPython + ("tutorial_loop.py " + std::to_string(batch)) + " " +
                               std::to_string(threads) + " " + std::to_string(seconds))) >>
      result;
  return result;
}

}  // namespace facemorph
