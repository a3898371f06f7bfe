#pragma once

#include "engine/engine.hpp"
#include "engine/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>

namespace facemorph {

/// The tutorial's generator of this shape with random weights: as fast as a trained one.
std::shared_ptr<const Model> random_generator(const GeneratorArch& arch);

/// The most that this machine can do with an engine's threads and numbers; zeros where its network
/// runs elsewhere.
struct Ceilings {
  double operations = 0;  ///< a second
  double bytes = 0;       ///< a second, read from memory
};
Ceilings measure_ceilings(const EngineInfo& info);

/// Measures the generator at batches 1, 8, 24 and 64, `seconds` each: one row a batch, with what
/// the machine allows at most and, for the tutorial's networks where Debian's Python has torch,
/// what PyTorch takes with the same weights.
nlohmann::ordered_json bench_generator(const Model& model, Engine& engine, const Ceilings& ceilings,
                                       double seconds);

}  // namespace facemorph
