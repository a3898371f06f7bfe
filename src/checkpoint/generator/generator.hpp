#pragma once

#include "checkpoint/formats/checkpoint.hpp"
#include "checkpoint/generator/draft.hpp"
#include "checkpoint/generator/tutorial.hpp"
#include "checkpoint/stack/layer_stack.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// A generator found in a checkpoint, and the layers to run.
struct OpenedGenerator {
  GeneratorArch arch;                      ///< ngf is 0 for networks that are not the tutorial's
  std::string state_dict_path;             ///< which state dict of the file was taken
  std::vector<std::string> other_choices;  ///< further generators of the file, by path
  GeneratorDraft draft;     ///< what the tensors leave open; no choices when the file says it all
  Assumptions assumptions;  ///< a value for every choice of the draft
  LayerStack stack;         ///< the draft under these assumptions, float32, ready to execute
  TensorTable
      tensors;  ///< tutorial keys main.0.weight …, in the file's own dtypes; empty for others
  std::shared_ptr<const TensorTable> source;  ///< the file's own names and types; none of ONNX
  std::vector<std::string> notes;             ///< problems, plain sentences

  bool is_tutorial() const { return !tensors.empty(); }
};

/// Finds the generator in a checkpoint and takes the likeliest reading of its shapes.
/// `state_dict_path` picks one of several; by default the first that fits (EMA first). A path may
/// also name a part of a table: "state_dict.generator".
/// Throws Error that says what the file holds instead (a discriminator, an optimiser, …).
OpenedGenerator open_generator(const Checkpoint& checkpoint,
                               const std::optional<std::string>& state_dict_path = std::nullopt);

/// Changes assumptions; keys that are not given keep their values, except that another output
/// brings its own range along. Throws UsageError for values that are not among a choice's options.
void assume(OpenedGenerator& generator, const Assumptions& assumptions);

/// Takes over the running statistics of the same layers run anew.
void replace_statistics(OpenedGenerator& generator, const LayerStack& recalibrated);

/// "DCGAN, ngf 64" or what layers it has, for people.
std::string network_text(const OpenedGenerator& generator);

/// Numbers that training changes: weights, biases, scales, slopes.
std::int64_t parameter_count(const LayerStack& stack);

/// That a face costs, about.
double multiplications(const LayerStack& stack);

}  // namespace facemorph
