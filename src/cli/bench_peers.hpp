#pragma once

#include "engine/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>

namespace facemorph {

/// Milliseconds a face that others take with the same weights and threads, by their names
/// ("pytorch_eager", "torch_jit", "onnxruntime") and batch sizes, as texts. Those that are not
/// installed are left out: PyTorch is looked for in Debian's Python, ONNX Runtime in the Node
/// modules at $FACEMORPH_NODE_MODULES (`./dev bench` sets both up). Requires model.network with the
/// tutorial's keys.
nlohmann::ordered_json measure_peers(const Model& model, int threads, double seconds,
                                     std::span<const std::size_t> batches);

}  // namespace facemorph
