#pragma once

#include "checkpoint/formats/tensor.hpp"
#include "checkpoint/generator/draft.hpp"

#include <string>
#include <vector>

namespace facemorph {

/// A generator in a table of tensors.
struct DraftedPart {
  std::string path;    ///< "generator" when a table of several networks names it so, else empty
  TensorView tensors;  ///< its own, by their names without `path`
  GeneratorDraft draft;
  bool one_of_several = false;
};

/// Every generator in a table, the likeliest first: the whole table, or parts of one that holds
/// several networks side by side ("generator.…", "discriminator.…").
/// Throws Error that says what the table is instead.
std::vector<DraftedPart> draft_generators(const TensorTable& tensors,
                                          const ModuleRecords& modules = {});

}  // namespace facemorph
