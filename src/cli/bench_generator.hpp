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
/// The higher of each. A machine that others use as well has to be asked more than once.
Ceilings highest(const Ceilings& a, const Ceilings& b);

/// Measures the generator at batches 1, 8, 24 and 64, `seconds` each: one row a batch, and for the
/// tutorial's networks what the peers that are installed take with the same weights.
nlohmann::ordered_json bench_generator(const Model& model, Engine& engine, double seconds);

/// Adds to the rows of networks that have a bound what the machine allows at most.
void add_bounds(nlohmann::ordered_json& rows, const Ceilings& ceilings);

}  // namespace facemorph
