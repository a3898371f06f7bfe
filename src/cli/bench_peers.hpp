#pragma once

#include "engine/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>

namespace facemorph {

/// Whether others can be measured beside us: their scripts are in the folder
/// $FACEMORPH_BENCH_PEERS, which `./dev bench` sets.
bool has_peers();
/// What to say when they cannot.
inline constexpr const char* kHowToGetPeers =
    "measured alone; in a clone of the repository, ./dev bench measures PyTorch and ONNX Runtime "
    "too";

/// Milliseconds a face that others take with the same weights and threads, by their names
/// ("pytorch_eager", "torch_jit", "onnxruntime") and batch sizes, as texts. Those that are not
/// installed are left out, all without has_peers(): PyTorch is looked for in Debian's Python, ONNX
/// Runtime in the Node modules at $FACEMORPH_NODE_MODULES (`./dev bench` sets both up). Requires
/// model.network with the tutorial's keys.
nlohmann::ordered_json measure_peers(const Model& model, int threads, double seconds,
                                     std::span<const std::size_t> batches);

/// Images a second of the tutorial's training loop in Debian's Python; 0 when there is none with
/// torch, or without has_peers().
double python_images_per_second(int batch, int threads, double seconds);

}  // namespace facemorph
