#pragma once

#include "engine/engine.hpp"
#include "engine/model.hpp"
#include "pictures/image.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace facemorph {

/// How to open a model: the options that most subcommands share.
struct ModelOptions {
  std::string checkpoint;           ///< empty: the bundled model
  std::string state_dict;           ///< empty: the best one
  std::vector<std::string> assume;  ///< "key=value"
  bool recalibrate = false;
  EngineOptions engine;
};

/// Adds CHECKPOINT, --weights, --assume, --recalibrate, and with `engine` --device and --threads.
void add_model_options(CLI::App& command, ModelOptions& options, bool engine);
/// Adds --device and --threads.
void add_engine_options(CLI::App& command, EngineOptions& options);
/// Adds --filter.
void add_filter_option(CLI::App& command, Filter& filter);

/// A number from `least` to `most`. CLI::Range takes NaN, too.
CLI::Validator between(double least, double most);

/// The same as the rest of the program has it. Throws UsageError for malformed assumptions.
ModelRequest model_request(const ModelOptions& options);

/// Opens the model as asked; recalibrates when asked.
std::shared_ptr<const Model> load_asked_model(const ModelOptions& options);

/// "activation=elu" and the like. Throws UsageError for other forms.
Assumptions parse_assumptions(const std::vector<std::string>& texts);

/// "0-63", "1,5,9", "7" and mixtures, in the order given. Throws UsageError with an example for
/// anything else, or for more than a million seeds.
std::vector<std::uint64_t> parse_seeds(const std::string& text);

/// "8x6" as columns and rows. Throws UsageError.
std::pair<int, int> parse_grid(const std::string& text);

}  // namespace facemorph
